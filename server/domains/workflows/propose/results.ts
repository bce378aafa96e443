import { literal } from './quoting.ts'

/** Things of a list that are told, and characters of each: a notification is read at a glance. */
const TOLD_MAX = 12
const ITEM_CHARACTERS_MAX = 120
const TEXT_CHARACTERS_MAX = 500
/** How much of a text is searched: more would be too much for one expression. */
const SEARCHED_MAX = 50_000

/** How the result of an action is told and looked at; `result` is an expression. */
export interface Telling {
  /** What steps that do it are called. */
  readonly id: string
  /** An expression for the text, when the step has completed. */
  readonly text: (result: string) => string
  /** An expression for the list in it. */
  readonly list?: (result: string) => string
  /** An expression for the text in it that may be searched. */
  readonly searched?: (result: string) => string
  /** It fetches something that may be down; the expression says whether an answer was an error. */
  readonly refused?: (result: string) => string
}

/** "3 reminders: a, b, c." */
function listing(id: string, path: string, noun: string, item: string, plural = `${noun}s`): Telling {
  const list = (result: string): string => `${result}.${path}`
  return {
    id,
    list,
    text: (result) => {
      const all = list(result)
      const shown = `${all}.slice(0, ${TOLD_MAX}).map(one => ${item}).join(', ')`
      const more = `(${all}.length > ${TOLD_MAX} ? ' and ' + (${all}.length - ${TOLD_MAX}) + ' more' : '')`
      const noun_of = `(${all}.length === 1 ? ' ${noun}: ' : ' ${plural}: ')`
      return `${all}.length === 0 ? 'No ${plural}.' : ${all}.length + ${noun_of} + ${shown} + ${more} + '.'`
    },
  }
}

const at = (time: string): string => `formatDate(${time}, 'ddd D MMM HH:mm')`
const short = (text: string, most = ITEM_CHARACTERS_MAX): string => `${text}.slice(0, ${most})`

function saying(id: string, field: string): Telling {
  return {
    id,
    text: (result) => short(`${result}.${field}`, TEXT_CHARACTERS_MAX),
    searched: (result) => short(`${result}.${field}`, SEARCHED_MAX),
  }
}

/** What is known of results, by agent and action: the agents are those that every user begins with. */
const KNOWN: Readonly<Record<string, Telling>> = {
  '2/list': listing('notes', 'memories', 'note', short('one.text')),
  '2/recall': listing('notes', 'memories', 'note', short('one.text')),
  '3/list': listing(
    'reminders',
    'reminders',
    'reminder',
    `${short('one.text')} + ' (' + ${at('one.due')} + ')'`,
  ),
  '3/free_slots': listing('free', 'slots', 'free time', at('one.start')),
  '3/next_event': {
    id: 'next',
    text: (result) =>
      `${result}.event === null ? 'Nothing is coming up.' : 'Next: ' + ${short(`${result}.event.title`)} + ' (' + ${at(`${result}.event.start`)} + ').'`,
  },
  '3/agenda': listing(
    'agenda',
    'entries',
    'entry',
    `${short('one.title')} + ' (' + ${at('one.start')} + ')'`,
    'entries',
  ),
  '4/list': listing('tasks', 'items', 'task', short('one.text')),
  '5/calculate': { id: 'result', text: (result) => `'The result is ' + ${result}.value + '.'` },
  '5/convert': {
    id: 'result',
    text: (result) => `'That is ' + ${result}.value + ' ' + ${result}.unit + '.'`,
  },
  '6/summarise': saying('summary', 'summary'),
  '7/list': listing('watches', 'watches', 'watch', short('one.label'), 'watches'),
  '8/get': {
    ...saying('page', 'body'),
    text: (result) => `${short(`${result}.url`)} + ' answered with status ' + ${result}.status + '.'`,
    refused: (result) => `${result}.status >= 400`,
  },
  '8/read_page': {
    ...saying('page', 'text'),
    text: (result) =>
      `${short(`(${result}.title ?? ${result}.url)`)} + ': ' + ${short(`${result}.text`, TEXT_CHARACTERS_MAX)}`,
    refused: () => 'false',
  },
  '8/feed': { ...listing('feed', 'entries', 'entry', short('one.title'), 'entries'), refused: () => 'false' },
  '9/backup': { id: 'backup', text: () => "'The backup was made.'" },
  '9/security_report': listing('security', 'findings', 'finding', short('one.text')),
  '9/integrity': {
    ...listing('integrity', 'problems', 'problem', short('one')),
    text: (result) =>
      `${result}.ok ? 'Everything is intact.' : 'Damaged: ' + ${result}.problems.slice(0, ${TOLD_MAX}).join(', ')`,
  },
}

/** How to tell the result of an action; of one that is not known, its first fields are told. */
export function tellingOf(agent_number: number, action: string): Telling {
  const key = `${agent_number}/${action}`
  const known = Object.hasOwn(KNOWN, key) ? KNOWN[key] : undefined
  return known ?? { id: action, text: anything }
}

/** An expression that puts any value into words. */
export function anything(value: string): string {
  const field =
    "(typeof one[1] === 'string' ? one[1].slice(0, 200) : Array.isArray(one[1]) ? one[1].length + ' entries' : one[1] !== null && typeof one[1] === 'object' ? Object.keys(one[1]).length + ' fields' : String(one[1]))"
  const fields = `Object.entries(${value}).slice(0, 10).map(one => one[0] + ': ' + ${field}).join(', ')`
  return (
    `typeof ${value} === 'string' ? ${value}.slice(0, ${TEXT_CHARACTERS_MAX}) : Array.isArray(${value}) ? ${value}.length + ' entries'` +
    ` : ${value} !== null && typeof ${value} === 'object' ? ${fields} : String(${value})`
  )
}

/** An expression for what is told of a step, whatever came of it. */
export function outcome(step: string, telling: Telling, summary: string): string {
  const failed = literal(`This could not be done: ${summary}`)
  return `steps.${step}.status === 'completed' ? (${telling.text(`steps.${step}.result`)}) : steps.${step}.status === 'skipped' ? '' : ${failed}`
}
