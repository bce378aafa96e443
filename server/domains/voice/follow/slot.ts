import type { SlotType } from '../../../skills/skill.ts'
import type { Language } from '../../language/index.ts'
import { slotType } from '../../language/slots/kinds.ts'
import type { Heard } from '../../language/understand.ts'
import type { Last } from '../conversation.ts'
import { inPlaceOf, withUnit } from './moments.ts'
import { areThings } from './words.ts'
import type { Lead } from './words.ts'

/** Types whose values show by themselves what they are, the most telling first. */
const TELLING: readonly SlotType[] = [
  'time',
  'duration',
  'period',
  'number',
  'amount',
  'quantity',
  'unit',
  'workflow',
  'expression',
]

/** The parameters of the last command with one changed to what was said, when that is a value of one. */
export async function changed(
  language: Pick<Language, 'readSlot'>,
  user_id: string,
  heard: Heard,
  last: Last,
  lead: Lead,
): Promise<Record<string, unknown> | undefined> {
  const { meaning, parameters } = last
  if (meaning === undefined) return undefined
  const { action } = meaning
  const typeOf = (name: string) => slotType(action, name)
  const names = Object.keys(parameters).filter((name) => Object.hasOwn(action.parameters.properties, name))
  const read = (name: string, text: string) =>
    language.readSlot(user_id, meaning, name, { ...heard, text, wake_words: [] }, 'strictly')
  for (const type of TELLING) {
    for (const name of names.filter((one) => typeOf(one) === type)) {
      const text = type === 'duration' ? withUnit(lead.rest, last.text) : lead.rest
      const found = await read(name, text)
      const value = found?.[name]
      if (found === undefined || value === undefined) continue
      const isMoment = type === 'time' && typeof value === 'string'
      const kept = isMoment ? { [name]: inPlaceOf(parameters[name], value, lead.rest, heard) } : {}
      return { ...parameters, ...found, ...kept }
    }
  }
  const open = names.filter((name) => isOpenTo(typeOf(name), lead, action.effect === 'read'))
  const [name] = open
  if (name === undefined || !areThings(lead.rest)) return undefined
  const found = await read(name, nameIn(lead.rest, typeOf(name)))
  return found === undefined || Object.keys(found).length === 0 ? undefined : { ...parameters, ...found }
}

const NAMED_LIST = /^(?:(?:on|onto|in|into|to|from|off) )?(?:(?:the|my|our) )?(?<name>\S.*) list$/iu

/** The parameters of the last command for another list, when one is named: "no, the to do list". */
export async function onList(
  language: Pick<Language, 'readSlot'>,
  {
    user_id,
    heard,
    last: { meaning, parameters },
    lead,
  }: { user_id: string; heard: Heard; last: Last; lead: Lead },
): Promise<Record<string, unknown> | undefined> {
  const text = NAMED_LIST.exec(lead.rest)?.groups?.['name']
  if (meaning === undefined || text === undefined || lead.kind === 'also' || lead.kind === 'same')
    return undefined
  if (!Object.hasOwn(meaning.action.parameters.properties, 'list')) return undefined
  const found = await language.readSlot(
    user_id,
    meaning,
    'list',
    { ...heard, text, wake_words: [] },
    'strictly',
  )
  return found && { ...parameters, ...found }
}

/** Any words can be things of a list; a text or a name is changed only where nothing is done but looking. */
function isOpenTo(type: SlotType, { kind }: Lead, isRead: boolean): boolean {
  if (type === 'items') return kind !== 'for'
  const isNamed = type === 'text' || type === 'name' || type === 'title'
  return isNamed && isRead && kind === 'also'
}

/** "the party list" names the party list. */
function nameIn(text: string, type: SlotType): string {
  if (type !== 'name' && type !== 'title') return text
  return text.replace(/^(?:the|my|our)\s+/iu, '').replace(/\s+list$/iu, '')
}
