/** Calls of the server, with a time limit: on the edge of coverage a request may never end. */

export class ConnectionError extends Error {}
export class LoggedOutError extends Error {}

const TIME_LIMIT = 20000; // milliseconds
const SESSION_EXPIRED = 100;

export async function call(route, params = {}, {timeout = TIME_LIMIT} = {}) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeout);
    let answer = null;
    try {
        const response = await fetch(`/utility/field/${route}`, {
            method: "POST",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify({jsonrpc: "2.0", method: "call", params}),
            signal: abort.signal,
        });
        if (!response.ok) {
            throw new ConnectionError(`HTTP ${response.status}`);
        }
        answer = await response.json();
    } catch (error) {
        throw new ConnectionError(error.message);
    } finally {
        clearTimeout(timer);
    }
    if (answer.error) {
        if (answer.error.code === SESSION_EXPIRED) {
            throw new LoggedOutError();
        }
        throw new Error(answer.error.data?.message || answer.error.message);
    }
    return answer.result;
}
