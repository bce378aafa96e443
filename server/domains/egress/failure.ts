import { Fault } from '../../kernel/fault.ts'

/** A host could not be reached, or what it answered is no answer. */
export class HostFailure extends Fault {
  /** Whether it may be otherwise a moment later. */
  readonly transient: boolean
  /** What went wrong, after the name of the host. */
  readonly what: string

  constructor(host: string, what: string, transient: boolean, options?: ErrorOptions) {
    super('AGENT_EXECUTION_FAILED', `${host} ${what}.`, { host }, options)
    this.transient = transient
    this.what = what
  }
}

type Sentence = readonly [code: RegExp, what: string, transient: boolean]

/** By the code of the error, the first that fits. The message of the library is never shown: it may hold what was sent. */
const SENTENCES: readonly Sentence[] = [
  [/^(?:ENOTFOUND|ENODATA|EAI_NONAME)$/, 'is not known: there is no such host', false],
  [/^(?:EMFILE|ENFILE)$/, 'cannot be reached: this server has too many connections open', true],
  // The second layer caught what the first let through.
  [/^ERR_IP_BLOCKED$/, 'is not a public address', false],
  [/^EAI_/, 'could not be looked up', true],
  [/^ECONNREFUSED$/, 'takes no connections', true],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ETIMEDOUT|EHOSTDOWN|ENETDOWN)$/, 'cannot be reached', true],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/, 'closed the connection too early', true],
  [/^UND_ERR_RES_CONTENT_LENGTH_MISMATCH$/, 'closed the connection too early', true],
  [/^CERT_HAS_EXPIRED$/, 'has a certificate that has expired', false],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'has a certificate for another name', false],
  [/CERT|^UNABLE_TO_|SIGNATURE/, 'has a certificate that nobody vouches for', false],
  [
    /^(?:EPROTO|ERR_SSL_|ERR_TLS_)/,
    'does not speak TLS as it should: if it has none, write http:// before its name',
    false,
  ],
  [/^UND_ERR_HEADERS_OVERFLOW$/, 'answered with headers that are too large', false],
  [/^(?:HPE_|HTTPParserError$|UND_ERR_)/, 'answered something that is not HTTP', false],
  [/^(?:Z_|ERR_BROTLI|ERR__ERROR_|ERR_PADDING|ERR_STREAM_PREMATURE)/, 'answered with a damaged body', true],
]

/** The failure that an error of the network means; what is no error of the network stays as it is. */
export function toFailure(error: unknown, host: string): unknown {
  if (error instanceof Fault) return error
  const code = codeOf(error)
  const known = SENTENCES.find(([pattern]) => pattern.test(code))
  return known === undefined ? error : new HostFailure(host, known[1], known[2], { cause: error })
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
