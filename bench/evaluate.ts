import { systemClock } from '../server/kernel/clock.ts'
import { Budget } from '../server/domains/workflows/evaluate/budget.ts'
import { compileCondition, evaluateCondition } from '../server/domains/workflows/evaluate/expression.ts'
import { finish, median, report } from './report.ts'

/**
 * What a condition costs that was read once: 100 conditions as people write them, ten forms with ten thresholds each,
 * against the same questions written by hand over the same data. Rounds alternate.
 */
const ROUNDS = 15
const PASSES = 200
/** The aim for the median condition. */
const AIM_US = 20

const scope = {
  input: {
    total: 42,
    currency: 'EUR',
    subject: ' Invoice 2026-118 overdue ',
    from: { name: 'Ann', email: 'ann@example.org' },
    tags: ['finance', 'urgent', 'inbox'],
    items: [
      { name: 'desk', price: 120, count: 1 },
      { name: 'lamp', price: 35, count: 2 },
      { name: 'chair', price: 80, count: 4 },
    ],
  },
  trigger: { kind: 'schedule', at: '2026-11-22T10:00:00.000Z' },
  steps: {
    fetch: { status: 'completed', result: { status: 200, rows: 17, text: 'all is well' }, error: null },
  },
  vars: { limit: 50, region: 'north' },
  now: Date.UTC(2026, 10, 22, 10),
  time_zone: 'Europe/Berlin',
}
const { input, trigger, steps, vars } = scope

/** Each form as it is written in a workflow and as a programmer would write it. */
const FORMS: readonly { source: (bound: number) => string; control: (bound: number) => boolean }[] = [
  { source: (n) => `input.total > ${n}`, control: (n) => input.total > n },
  {
    source: (n) => `steps.fetch.status === "completed" && steps.fetch.result.rows >= ${n}`,
    control: (n) => steps.fetch.status === 'completed' && steps.fetch.result.rows >= n,
  },
  {
    source: (n) => `input.currency == "EUR" ? input.total < ${n} : input.total * 1.1 < ${n}`,
    control: (n) => (input.currency === 'EUR' ? input.total < n : input.total * 1.1 < n),
  },
  {
    source: (n) => `input.subject.trim().toLowerCase().includes("overdue") && input.total > ${n}`,
    control: (n) => input.subject.trim().toLowerCase().includes('overdue') && input.total > n,
  },
  {
    source: (n) => `input.tags.includes("urgent") || input.tags.length > ${n}`,
    control: (n) => input.tags.includes('urgent') || input.tags.length > n,
  },
  {
    source: (n) => `input.items.some(item => item.price * item.count > ${n})`,
    control: (n) => input.items.some((item) => item.price * item.count > n),
  },
  {
    source: (n) => `input.items.filter(item => item.price > ${n}).length > 0`,
    control: (n) => input.items.some((item) => item.price > n),
  },
  {
    source: (n) => `input.items.reduce((sum, item) => sum + item.price * item.count, 0) >= ${n}`,
    control: (n) => input.items.reduce((all, item) => all + item.price * item.count, 0) >= n,
  },
  {
    source: (n) => `trigger?.kind === "schedule" && !(vars.region in input) && (vars.limit ?? 10) >= ${n}`,
    control: (n) => trigger.kind === 'schedule' && !(vars.region in input) && vars.limit >= n,
  },
  {
    source: (n) => `input.from.email.endsWith("@example.org") && \`\${input.from.name}\`.length < ${n}`,
    control: (n) => input.from.email.endsWith('@example.org') && input.from.name.length < n,
  },
]
const conditions = FORMS.flatMap(({ source, control }) =>
  Array.from({ length: 10 }, (_, index) => ({
    compiled: compileCondition(source(index * 9)),
    control: () => control(index * 9),
  })),
)

for (const { compiled, control } of conditions) {
  const ours = evaluateCondition(compiled, scope, new Budget(systemClock))
  if (ours !== control()) throw new Error(`${compiled.source} gave ${ours}.`)
}

/** Microseconds that each condition takes once, by many passes of one. */
function microseconds(work: () => boolean): number {
  let held = 0
  const started = performance.now()
  for (let pass = 0; pass < PASSES; pass += 1) held += Number(work())
  const taken = ((performance.now() - started) / PASSES) * 1000
  return held < 0 ? Number.NaN : taken
}

const pairs: [number, number][] = []
const figures = conditions.map((): number[] => [])
for (let round = 0; round < ROUNDS; round += 1) {
  const control = conditions.map((condition) => microseconds(condition.control))
  const ours = conditions.map(({ compiled }) =>
    microseconds(() => evaluateCondition(compiled, scope, new Budget(systemClock))),
  )
  // The first rounds warm up.
  if (round < 3) continue
  for (const [index, one] of ours.entries()) figures[index]?.push(one)
  pairs.push([sum(ours), sum(control)])
}

const medians = figures.map((each) => median(each)).toSorted((a, b) => a - b)
const p95 = medians[Math.floor(medians.length * 0.95)] ?? Number.NaN
console.log(
  `     a condition: median ${median(medians).toFixed(2)} us (aim: at most ${AIM_US}), p95 ${p95.toFixed(2)} us`,
)
// A tree that is walked costs some dozens of times what machine code does; hundreds would mean that something is wrong.
report('100 conditions against code written by hand, us', pairs, { most: 200 })
finish()

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
