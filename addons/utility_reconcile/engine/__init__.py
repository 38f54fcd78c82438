"""Which money on its way a line of a bank statement brings, without the ORM."""
