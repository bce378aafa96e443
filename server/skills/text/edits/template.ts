import { sayCount, sayList } from '../../say.ts'
import { ActionError } from '../../skill.ts'
import { TEXT_CHARACTERS_MAX } from '../bounds.ts'

/** What stands in place of a placeholder. */
export type Filling = string | number | boolean

const PLACEHOLDER = /\{\{\s*([^{}]{1,100}?)\s*\}\}/g

/** The names of the placeholders of a template, each once. */
export function placeholdersOf(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(PLACEHOLDER), (match) => match[1] ?? ''))]
}

/**
 * Puts values into `{{name}}` placeholders; what a value contains is not looked at again.
 *
 * @throws ActionError naming the placeholders that have no value.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, Filling>>): string {
  const names = placeholdersOf(template)
  const missing = names.filter((name) => valueOf(values, name) === undefined)
  if (missing.length > 0)
    throw new ActionError(
      `The template needs ${sayCount(missing.length, 'more value')}: ${sayList(missing)}.`,
    )
  const longest = names.reduce((most, name) => Math.max(most, String(valueOf(values, name)).length), 0)
  const count = template.match(PLACEHOLDER)?.length ?? 0
  if (template.length + count * longest > TEXT_CHARACTERS_MAX)
    throw new ActionError('The filled template would be longer than 1,000,000 characters.')
  return template.replace(PLACEHOLDER, (_, name: string) => String(valueOf(values, name)))
}

function valueOf(values: Readonly<Record<string, Filling>>, name: string): Filling | undefined {
  if (Object.hasOwn(values, name)) return values[name]
  const alike = Object.keys(values).find((key) => key.toLowerCase() === name.toLowerCase())
  return alike === undefined ? undefined : values[alike]
}

/** Reads values as people dictate them: "name=Ana, day: Friday", "name is Ana and day is Friday", or JSON. */
export function valuesIn(said: string, names: readonly string[]): Record<string, Filling> {
  const text = said.trim()
  if (/^\{(?!\{)/.test(text)) return jsonValues(text)
  const pairs = text
    .split(/[,;\n]+|\s+and\s+(?=[\w{}-]+\s*(?:[=:]|\bis\b))/)
    .flatMap((part): [string, string][] => {
      const [, name = '', value = ''] =
        /^\s*(?:the\s+)?["'{]*([\w -]{1,100}?)["'}]*\s*(?:[=:]|\bis\b)\s*(.*)$/s.exec(part) ?? []
      return name === '' ? [] : [[name, value.trim().replace(/^(["'])(.*)\1$/s, '$2')]]
    })
  if (pairs.length > 0) return Object.fromEntries(pairs)
  const [only, second] = names
  // A lone value can only be meant for a lone placeholder.
  if (only !== undefined && second === undefined && text !== '') return { [only]: text }
  throw new ActionError('Please give the values as in: name = Ana, day = Friday.')
}

function jsonValues(text: string): Record<string, Filling> {
  const value = parse(text)
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
  return Object.fromEntries(
    entries.map(([name, filling]): [string, Filling] => {
      if (typeof filling === 'string' || typeof filling === 'number' || typeof filling === 'boolean')
        return [name, filling]
      throw new ActionError(`The value of "${name}" must be a text or a number.`)
    }),
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ActionError('The values are not valid JSON.', { cause })
  }
}
