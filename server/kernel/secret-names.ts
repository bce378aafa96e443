/** Parts of the names of values that open something, wherever they stand. */
const PARTS =
  /passw(?:or)?d|passphrase|passcode|token|secret|authorization|cookie|credential|mnemonic|seed_phrase|private_?key|sess(?:ion)?id$/
/** Words of such names; the name of a count or of a flag has others behind them. */
const WORDS = /(?:^|_)(?:pwd|pin|otp|totp|jwt|csrf|xsrf|cvv|cvc|bearer)s?$/
const CODES = /(?:^|_)(?:pin|otp|totp|mfa|2fa|backup|recovery|setup|security|verification|one_time)_?codes?$/
const KEYS =
  /(?:^|_)(?:x_?)?(?:api|access|account|app|auth|client|decryption|encryption|functions|master|recovery|root|session|shared|sign(?:ing)?|ssh|subscription)_?keys?$/
/** Names that are remembered, none of them long: the same few come again and again. */
const NAMES_MAX = 2_000
const NAME_MAX = 64
const known = new Map<string, boolean>()

/** Whether a name is that of a value that opens something, however it is spelt; an id opens nothing by itself. */
export function isSecretName(name: string): boolean {
  const remembered = known.get(name)
  if (remembered !== undefined) return remembered
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .toLowerCase()
  const isId = words.endsWith('_id')
  const found = !isId && [PARTS, WORDS, CODES, KEYS].some((pattern) => pattern.test(words))
  if (name.length > NAME_MAX) return found
  if (known.size >= NAMES_MAX) known.clear()
  known.set(name, found)
  return found
}
