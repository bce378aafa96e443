import { Type } from 'typebox'
import { ActionError } from '../skill.ts'

export const Url = Type.String({ minLength: 1, maxLength: 2_048 })

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i
/** A host and what may follow it. */
const BARE =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*(?::\d{1,5})?(?:[/?#]\S*)?$/u
const BARE_LOCAL = /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#]\S*)?$/i

/**
 * The absolute address that a text means; one without a scheme gets `https`. What follows a `#` is left out, since it is
 * never sent.
 *
 * @throws ActionError when it is none, is not of the web, or carries a password.
 */
export function readUrl(said: string): string {
  const text = said.trim().replace(/^<(.*)>$/, '$1')
  if (!isAddress(text)) throw new ActionError(`"${text}" is not an address of the web.`)
  const url = new URL(SCHEME.test(text) ? text : `https://${text}`)
  if (url.username !== '' || url.password !== '')
    throw new ActionError(
      'An address must not carry a name or password: store it, grant it to this agent, and name its credential_id.',
    )
  url.hash = ''
  return url.href
}

/** Whether a text is an address of the web, as it is written or said. */
export function isAddress(text: string): boolean {
  if (/\s|[\p{Cc}]/u.test(text)) return false
  if (SCHEME.test(text)) return /^https?:/i.test(text) && URL.canParse(text)
  return (BARE.test(text) || BARE_LOCAL.test(text)) && URL.canParse(`https://${text}`)
}
