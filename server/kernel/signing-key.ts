/** How a secret is written that is base64, as Standard Webhooks does. */
export const SECRET_PREFIX = 'whsec_'
/** With a shorter key anybody could sign who has the time to try. */
export const KEY_BYTES_MIN = 16

/**
 * The key that a secret is, for signing after Standard Webhooks: what follows `whsec_` is base64, and anything else the
 * key itself. Nothing for one that is too short.
 */
export function signingKey(secret: string): Buffer | undefined {
  const key = secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret)
  return key.length < KEY_BYTES_MIN ? undefined : key
}
