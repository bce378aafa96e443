import { Type } from 'typebox'
import type { Issue } from '../../../contract/errors.ts'
import { ActionError } from '../skill.ts'

const HEADERS_MAX = 20

export const Headers = Type.Record(Type.String(), Type.String({ maxLength: 1_000 }))
export const CredentialId = Type.String({ minLength: 1, maxLength: 64 })

const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const SECRET = /auth|cookie|token|secret|api-?_?key|passw|credential|session|signature/
const SECRET_VALUE = /^\s*(?:bearer|basic|digest|negotiate)\s+\S/i
/** What the connection itself says; a second opinion on it is how requests are smuggled. */
const OWN = new Set(
  'host connection content-length transfer-encoding upgrade te trailer expect keep-alive proxy-connection forwarded via'.split(
    ' ',
  ),
)

const STORE_IT = 'carries a secret: store it, grant it to this agent, and name its credential_id'

function carriesSecret(name: string, value: string): boolean {
  return SECRET.test(name.toLowerCase()) || SECRET_VALUE.test(value)
}

/** The headers with which a secret would stay readable in the history of executions. */
export function findSecrets({ headers = {} }: Readonly<Record<string, unknown>>): Issue[] {
  return Object.entries(headers as Record<string, string>)
    .filter(([name, value]) => carriesSecret(name, value))
    .map(([name]) => ({ path: `/headers/${name.slice(0, 100)}`, message: STORE_IT }))
}

interface Given {
  headers?: Readonly<Record<string, string>>
}

/**
 * The headers of a request, names in small letters.
 *
 * @throws ActionError for a secret: it would stay readable in the history of executions.
 */
export function readHeaders({ headers = {} }: Given): Record<string, string> {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  if (given.length > HEADERS_MAX) throw new ActionError(`At most ${HEADERS_MAX} headers can be sent.`)
  for (const [name, value] of given) {
    if (!NAME.test(name)) throw new ActionError(`"${name}" is not a name of a header.`)
    if (carriesSecret(name, value)) throw new ActionError(`The header ${name} ${STORE_IT}.`)
    if (OWN.has(name)) throw new ActionError(`The header ${name} is set by the connection itself.`)
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new ActionError(`The header ${name} has characters that no header may have.`)
  }
  return Object.fromEntries(given)
}

const SHOWN_MAX = 64
const SHOWN_CHARACTERS_MAX = 1_000

/** Headers of an answer as they are handed on: bounded, and without what would let others act as this server. */
export function shownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const shown = Object.entries(headers).filter(([name]) => !/^set-cookie2?$|^authorization$/.test(name))
  const cut = shown.slice(0, SHOWN_MAX).map(([name, value]) => [name, value.slice(0, SHOWN_CHARACTERS_MAX)])
  return Object.fromEntries(cut) as Record<string, string>
}
