import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'

/** A browser that has subscribed: what it says of itself, and what it makes of a request by the RFCs alone. */
export function openBrowser(path: string, host = 'fcm.googleapis.com') {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const auth = randomBytes(16)
  const endpoint = `https://${host}/send/${path}`
  return {
    endpoint,
    subscription: {
      endpoint,
      keys: { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') },
    },
    /** RFC 8291, section 3.4, and RFC 8188, section 2. @throws Error when it was encrypted for another one. */
    decrypt(body: Uint8Array): { notification_id: string | null; text: string; severity: string } {
      const bytes = Buffer.from(body)
      const [salt, keyLength] = [bytes.subarray(0, 16), bytes.readUInt8(20)]
      const sender = bytes.subarray(21, 21 + keyLength)
      const sealed = bytes.subarray(21 + keyLength)
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender])
      const input = Buffer.from(hkdfSync('sha256', pair.computeSecret(sender), auth, info, 32))
      const derive = (label: string, size: number) =>
        Buffer.from(hkdfSync('sha256', input, salt, `Content-Encoding: ${label}\0`, size))
      const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
      decipher.setAuthTag(sealed.subarray(-16))
      const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
      return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString()) as ReturnType<
        typeof this.decrypt
      >
    },
  }
}

/** The claims of a VAPID header (RFC 8292). @throws Error when its signature is not of the key beside it. */
export function readVapid(header = ''): { key: string; header: unknown; claims: Record<string, unknown> } {
  const { t = '', k: key = '' } = /^vapid t=(?<t>[\w.-]+), k=(?<k>[\w-]+)$/.exec(header)?.groups ?? {}
  const [head = '', claims = '', signature = ''] = t.split('.')
  const point = Buffer.from(key, 'base64url')
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  const public_key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const signed = { key: public_key, dsaEncoding: 'ieee-p1363' } as const
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    signed,
    Buffer.from(signature, 'base64url'),
  )
  if (!isGenuine) throw new Error('The signature is not of this key.')
  return { key, header: parse(head), claims: parse(claims) }
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>
}
