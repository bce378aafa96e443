/** One part of a form: a text, or a file. */
export type Part =
  | { name: string; text: string }
  | { name: string; file: string; type: string; bytes: Uint8Array }

/**
 * A form as `multipart/form-data`. The names are those of a protocol and are not escaped.
 *
 * @see RFC 7578
 */
export function toMultipart(parts: readonly Part[]): { type: string; body: Buffer } {
  const contents = parts.map((part) => ('text' in part ? Buffer.from(part.text) : Buffer.from(part.bytes)))
  // What separates the parts is in none of them; that it cannot be guessed is not needed beyond this.
  let boundary = 'paios-form'
  for (let tries = 0; contents.some((content) => content.includes(boundary)); tries += 1)
    boundary = `paios-form-${tries}`
  const pieces = parts.flatMap((part, index) => [
    Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n\r\n`),
    contents[index] ?? Buffer.alloc(0),
    Buffer.from('\r\n'),
  ])
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  }
}

function headOf(part: Part): string {
  const disposition = `Content-Disposition: form-data; name="${part.name}"`
  return 'text' in part
    ? disposition
    : `${disposition}; filename="${part.file}"\r\nContent-Type: ${part.type}`
}
