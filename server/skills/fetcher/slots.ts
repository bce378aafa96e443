import { isAddress as isWebAddress } from './address.ts'

const ADDRESS_CHARACTERS_MAX = 2_048
/** A path from the root, from the home folder, or of a drive. */
const PATH = /^(?:~(?:\/|$)|\/\S|[a-z]:\\)/i
const HOST_AND_PORT = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*:\d{1,5}$/i

/** Whether the text is an address of the web, a host with a port, or a path of a file. */
export function isAddress(text: string): boolean {
  const words = text.trim()
  if (words.length === 0 || words.length > ADDRESS_CHARACTERS_MAX) return false
  // A path may have spaces in it, but few; what goes on for long, or says how often, is a sentence.
  if (PATH.test(words)) return words.split(/\s+/).length <= 4 && !/\s(?:every|each)\s/i.test(words)
  return HOST_AND_PORT.test(words) || isWebAddress(words)
}
