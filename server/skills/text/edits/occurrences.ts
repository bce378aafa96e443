import { ActionError } from '../../skill.ts'
import { TEXT_CHARACTERS_MAX } from '../bounds.ts'

/**
 * Replaces every occurrence of a text, exactly as written: no patterns, and `$` has no meaning.
 *
 * @throws ActionError when the result would be longer than 1,000,000 characters.
 */
export function replaceAll(
  text: string,
  find: string,
  replacement: string,
): { text: string; replaced: number } {
  const parts = text.split(find)
  const replaced = parts.length - 1
  if (text.length + replaced * (replacement.length - find.length) > TEXT_CHARACTERS_MAX)
    throw new ActionError('The result would be longer than 1,000,000 characters.')
  return { text: parts.join(replacement), replaced }
}
