import { readFileSync } from 'node:fs'
import { casual } from 'chrono-node/en'
import { findTime, parseTime } from '../server/domains/language/slots/time.ts'

interface Slot {
  readonly kind: string
  readonly text: string
  readonly sentence: string
}

interface Row {
  readonly kind: string
  readonly slots: number
  readonly recall: number
  readonly chrono: number
}

const SLOT = /\[\s*(time|date)\s*:\s*([^\]]*?)\s*\]/g
const ANY_TIME = /\[\s*(?:time|date|timeofday|general_frequency|time_zone)\s*:/
const NOW = new Date('2026-11-22T10:00:00+01:00')
const CONTEXT = { now: NOW, time_zone: 'Europe/Berlin' }

const [path, ...flags] = process.argv.slice(2)
if (path === undefined) {
  console.error(
    'usage: node bench/times.ts FILE [--missed] [--json]   (JSON lines with "text" and "annotated")',
  )
  process.exit(2)
}

const lines = readFileSync(path, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line): { text: string; annotated: string } => JSON.parse(line))
const slots: Slot[] = lines.flatMap(({ text, annotated }) =>
  [...annotated.matchAll(SLOT)].map((match) => ({
    kind: match[1] ?? '',
    text: match[2] ?? '',
    sentence: text,
  })),
)
const timeless = lines.filter(({ annotated }) => !ANY_TIME.test(annotated)).map(({ text }) => text)

const missed = new Map<string, number>()
const kinds = ['time', 'date', 'time or date'] as const
const rows: Row[] = []
for (const kind of kinds) {
  missed.clear()
  const chosen = slots.filter((slot) => kind === 'time or date' || slot.kind === kind)
  rows.push({
    kind,
    slots: chosen.length,
    recall: await rate(chosen, ours),
    chrono: await rate(chosen, bare),
  })
}
const [times, dates, both] = rows
const in_sentence = await rate(slots, async ({ text, sentence }) => {
  const rest = (await findTime(sentence, CONTEXT))?.rest
  return rest !== undefined && !rest.includes(text)
})
const chrono_in_sentence = await rate(slots, ({ text, sentence }) =>
  casual.parse(sentence, NOW).some((found) => found.text.includes(text) || text.includes(found.text)),
)
const invented = await rate(timeless, async (text) => (await findTime(text, CONTEXT)) !== undefined)
const chrono_invented = await rate(timeless, (text) => casual.parse(text, NOW).length > 0)

if (flags.includes('--missed')) {
  for (const [text, count] of [...missed].toSorted((a, b) => b[1] - a[1])) console.log(`${count}\t${text}`)
}
if (flags.includes('--json')) {
  const ratio = (both?.recall ?? 0) / (both?.chrono ?? 1)
  console.log(
    JSON.stringify({ times, dates, both, ratio, in_sentence, chrono_in_sentence, invented, chrono_invented }),
  )
} else report()

/** A slot counts as understood when it is read to its last word. */
async function ours({ text, sentence }: Slot): Promise<boolean> {
  const read = await parseTime(text, { ...CONTEXT, sentence })
  if (read?.rest === '') return true
  missed.set(text, (missed.get(text) ?? 0) + 1)
  return false
}

/** The control may find any part of a slot: all advantage of doubt is its own. */
function bare({ text }: Slot): boolean {
  return casual.parse(text, { instant: NOW, timezone: 60 }).length > 0
}

async function rate<Item>(
  items: readonly Item[],
  holds: (item: Item) => Promise<boolean> | boolean,
): Promise<number> {
  let count = 0
  for (const item of items) if (await holds(item)) count += 1
  return count / items.length
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`.padStart(7)
}

function report(): void {
  for (const { kind, slots: count, recall, chrono } of rows) {
    const ratio = (recall / chrono).toFixed(2)
    console.log(
      `${kind.padEnd(13)} ${String(count).padStart(5)} slots read ${percent(recall)}   chrono-node alone ${percent(chrono)}   ratio ${ratio}`,
    )
  }
  console.log(
    `found in its sentence          ${percent(in_sentence)}   chrono-node alone ${percent(chrono_in_sentence)}`,
  )
  console.log(
    `invented in ${timeless.length} without a time ${percent(invented)}   chrono-node alone ${percent(chrono_invented)}`,
  )
}
