const LONGEST = 1280; // pixels
const QUALITY = 0.7;

/** A photo as a small JPEG, as data URL: what the phone takes would be ten times as large. */
export async function shrink(file) {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    return canvas.toDataURL("image/jpeg", QUALITY);
}
