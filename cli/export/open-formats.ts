import type { Operations } from '../../contract/index.ts'
import type { Output } from '../../contract/operation.ts'

type Agent = Output<Operations['agents.list']>['agents'][number]
type Memory = Output<Operations['agents.memory_export']>['memories'][number]
type AccountRecord = Output<Operations['account.records']>['records'][number]

/** What begins a formula in programs that calculate: a cell that begins so is written as text. */
const FORMULA = /^[=+\-@\t\r]/

/** What agents remember, for people: a heading for each agent, and a line for each thing. */
export function toMarkdown(
  memories: readonly Memory[],
  agents: readonly Pick<Agent, 'agent_number' | 'name'>[],
): string {
  const parts = agents.flatMap(({ agent_number, name }) => {
    const own = memories.filter(
      (memory) => memory.agent_number === agent_number && memory.superseded_by === null,
    )
    if (own.length === 0) return []
    return [`## ${escaped(name)}`, '', ...own.map(toLine), '']
  })
  return ['# What my agents remember', '', ...parts].join('\n')
}

/** The items of all lists, as a table. */
export function toCsv(records: readonly AccountRecord[]): string {
  const items = records.filter(({ collection, body }) => collection === 'item' && isItem(body))
  const rows = items.map(({ group, body }) => {
    const { text, done, priority } = body as Item
    return [group, text, done ? 'yes' : 'no', priority]
  })
  return [['list', 'item', 'done', 'priority'], ...rows]
    .map((row) => `${row.map(toCell).join(',')}\r\n`)
    .join('')
}

interface Item {
  text: string
  done: boolean
  priority: string
}

function isItem(body: unknown): body is Item {
  return typeof body === 'object' && body !== null && 'text' in body && typeof body.text === 'string'
}

function toLine({ content, memory_type, tags, created_at }: Memory): string {
  const said = escaped(textOf(content))
  const marks = [memory_type, ...tags.map((tag) => `#${tag}`), created_at.slice(0, 10)]
    .map(escaped)
    .join(', ')
  return `- ${said} (${marks})`
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (
    typeof content === 'object' &&
    content !== null &&
    'text' in content &&
    typeof content.text === 'string'
  )
    return content.text
  return JSON.stringify(content)
}

/** On one line, and without effect on its look. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_{}[\]<>#|]/g, String.raw`\$&`)
}

function toCell(value: string | undefined): string {
  const text = value ?? ''
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
