import type { NetResponse } from '../capabilities.ts'

/** What an answer says: as text where it is one, else as base64. */
export interface Body {
  body: string
  encoding: 'text' | 'base64'
}

type Said = Pick<NetResponse, 'headers' | 'body' | 'cut'>

const TEXTUAL =
  /^text\/|[/+](?:json|xml|javascript|ecmascript|yaml|x-yaml|x-www-form-urlencoded|graphql|csv)$/
/** How far into a page its own word on its charset is looked for. */
const META_BYTES = 1_024

/** Reads the body of an answer by its type, its byte order mark, its charset, and a page by what it says of itself. */
export function readBody({ headers, body, cut }: Said): Body {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim())
  const kind = type.toLowerCase()
  const named = parameters.find((part) => /^charset=/i.test(part))?.slice('charset='.length)
  const charset = marked(body) ?? named ?? (kind.endsWith('html') ? metaCharset(body) : undefined)
  const isText =
    TEXTUAL.test(kind) ||
    (['', 'application/octet-stream'].includes(kind) && looksLikeText(body, cut === true))
  if (!isText) return { body: Buffer.from(body).toString('base64'), encoding: 'base64' }
  return { body: decode(body, charset, cut === true), encoding: 'text' }
}

/** The text of an answer, whatever it calls itself. */
export function readText(response: Said): string {
  const { body, encoding } = readBody(response)
  return encoding === 'text' ? body : decode(response.body, undefined, response.cut === true)
}

/** What is cut may end within a character, which is then left out. */
function decode(bytes: Uint8Array, charset: string | undefined, stream: boolean): string {
  try {
    return new TextDecoder(charset?.replaceAll(/["']/g, '') ?? 'utf-8').decode(bytes, { stream })
  } catch {
    // A charset that nobody knows says nothing.
    return new TextDecoder().decode(bytes, { stream })
  }
}

function marked([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined
}

function metaCharset(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, META_BYTES)).toString('latin1')
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w:.-]{1,40})/i.exec(head)?.[1]
}

/** UTF-8 without control characters. */
function looksLikeText(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream })
    return !bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32))
  } catch {
    return false
  }
}
