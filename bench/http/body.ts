const HEAD_END = Buffer.from('\r\n\r\n')

/** The body of an answer that is whole; it is the only one in the air, so it ends where the bytes end. */
export function bodyOf(received: Buffer): string | undefined {
  const end = received.indexOf(HEAD_END)
  if (end < 0) return undefined
  const head = received.toString('latin1', 0, end)
  const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN)
  if (!head.startsWith('HTTP/1.1 200 ') || Number.isNaN(length))
    throw new Error(`Not a success: ${received.toString()}`)
  const from = end + HEAD_END.length
  return received.length < from + length ? undefined : received.toString('utf8', from, from + length)
}
