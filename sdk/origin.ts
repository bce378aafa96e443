/**
 * The origin of an address.
 *
 * @throws TypeError for an address that is more than an origin, or that would send secrets unprotected over a network.
 */
export function toOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  const isBare = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  if (url === undefined || !isWeb || !isBare) {
    throw new TypeError(`${JSON.stringify(text)} is not an address such as http://localhost:3001.`)
  }
  if (url.protocol === 'http:' && !isThisMachine(url.origin)) {
    throw new TypeError(
      `${url.origin} is another machine: use https, or passwords and tokens travel in the clear.`,
    )
  }
  return url.origin
}

/** Whether an origin can only be the machine that asks. */
export function isThisMachine(origin: string): boolean {
  const { hostname } = new URL(origin)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/**
 * The page that the passkeys for a server belong to. Browsers know no passkeys for addresses, so the server calls itself
 * `localhost` to whoever asks it by one of this machine.
 */
export function toPage(origin: string): string {
  if (!isThisMachine(origin)) return origin
  const { protocol, port } = new URL(origin)
  return new URL(`${protocol}//localhost:${port}`).origin
}
