import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openSpelling } from '../server/domains/language/spelling/spelling.ts'
import type { Spelling } from '../server/domains/language/spelling/spelling.ts'
import { classify } from '../server/domains/language/statistics/classify.ts'
import { tokens } from '../server/domains/language/statistics/features.ts'
import { fromBytes, toBytes } from '../server/domains/language/statistics/bytes.ts'
import { randomFrom } from '../server/domains/language/statistics/random.ts'
import { OUT_OF_SCOPE_LABEL } from '../server/domains/language/statistics/model.ts'
import type { Model } from '../server/domains/language/statistics/model.ts'
import { train } from '../server/domains/language/statistics/train.ts'
import type { WorkerBounds } from '../server/kernel/workers.ts'
import { openWorkers } from '../server/kernel/workers.ts'
import { systemClock } from '../server/kernel/clock.ts'
import { watchEventLoop } from './event-loop.ts'
import { trainNaiveBayes } from './naive-bayes.ts'
import { finish, report } from './report.ts'

/**
 * How well the statistical tier understands sentences, against naive Bayes in the same run. An intent `oos` or `none`
 * means out of scope, in any of the files.
 */
interface Line {
  text: string
  label: string
  domain: string
}

const { values: flags } = parseArgs({
  options: {
    train: { type: 'string' },
    test: { type: 'string' },
    oos: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
if (flags.train === undefined || flags.test === undefined) {
  console.error('usage: npm run bench:language -- --train FILE --test FILE [--oos FILE] [--json]')
  console.error('       JSON lines {"text", "intent", "domain"}; the domain may be left out')
  process.exit(2)
}

const FEW = 10
const FEW_SEEDS = [1, 2, 3]
const train_lines = readLines(flags.train)
const test_lines = [...readLines(flags.test), ...(flags.oos === undefined ? [] : readLines(flags.oos, true))]
const inside = test_lines.filter(({ label }) => label !== OUT_OF_SCOPE_LABEL)
const outside = test_lines.filter(({ label }) => label === OUT_OF_SCOPE_LABEL)
const domains = new Map(train_lines.map(({ label, domain }) => [label, domain]))

function readLines(path: string, out_of_scope = false): Line[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { text, intent, domain }: { text: string; intent: string; domain?: string } = JSON.parse(line)
      const label = out_of_scope || intent === 'oos' ? OUT_OF_SCOPE_LABEL : intent
      return { text, label, domain: domain ?? intent }
    })
}

function fewOfEach(lines: readonly Line[], seed: number): Line[] {
  const random = randomFrom(seed)
  const shuffled = lines.map((line) => ({ line, key: random() })).toSorted((a, b) => a.key - b.key)
  const groups = Map.groupBy(shuffled, ({ line }) => line.label)
  groups.delete(OUT_OF_SCOPE_LABEL)
  return [...groups.values()].flatMap((group) => group.slice(0, FEW).map(({ line }) => line))
}

/** Leaves out, doubles, replaces or swaps one letter of one longer word. */
function mistype(text: string, random: () => number): string {
  const places = [...text.matchAll(/\p{L}{4,}/gu)]
  const word = places[Math.floor(random() * places.length)]
  if (word === undefined) return text
  const at = word.index + Math.floor(random() * (word[0].length - 1))
  const [one, two] = [text.charAt(at), text.charAt(at + 1)]
  const other = String.fromCharCode(97 + Math.floor(random() * 26))
  const kinds = [two, one + one + two, other + two, two + one]
  return text.slice(0, at) + (kinds[Math.floor(random() * kinds.length)] ?? '') + text.slice(at + 2)
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.length === 0 ? Number.NaN : items.filter((item) => holds(item)).length / items.length
}

function accuracyOf(lines: readonly Line[], bestOf: (text: string) => string | undefined): number {
  return share(lines, ({ text, label }) => bestOf(text) === label)
}

/** The chance that a text in scope scores higher than one out of scope; equal scores count half. */
function auroc(high: readonly number[], low: readonly number[]): number {
  const sorted = low.toSorted((a, b) => a - b)
  const below = (value: number, orEqual: boolean) => {
    let [from, to] = [0, sorted.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      const one = sorted[middle] ?? 0
      if (one < value || (orEqual && one === value)) from = middle + 1
      else to = middle
    }
    return from
  }
  const wins = high.reduce((sum, value) => sum + (below(value, false) + below(value, true)) / 2, 0)
  return wins / (high.length * low.length)
}

/** How much of what is out of scope is recognised when 95 % of what is in scope is kept. */
function recallAt95(high: readonly number[], low: readonly number[]): number {
  const threshold = high.toSorted((a, b) => a - b)[Math.floor(high.length * 0.05)] ?? 0
  return share(low, (value) => value < threshold)
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN
}

function timed<Result>(work: () => Result): { result: Result; seconds: number } {
  const started = performance.now()
  const result = work()
  return { result, seconds: (performance.now() - started) / 1000 }
}

function rankDomains(ranked: readonly { label: string; probability: number }[]): string[] {
  const mass = new Map<string, number>()
  for (const { label, probability } of ranked) {
    const domain = domains.get(label) ?? label
    mass.set(domain, (mass.get(domain) ?? 0) + probability)
  }
  return [...mass].toSorted((a, b) => b[1] - a[1]).map(([domain]) => domain)
}

const askOf = (model: Model, spelling: Spelling) => (text: string) =>
  classify(model, spelling.repair(text).text)
const bestOf = (model: Model, spelling: Spelling) => (text: string) =>
  askOf(model, spelling)(text).ranked[0]?.label
const spellingOf = (lines: readonly Line[]) => openSpelling(lines.flatMap(({ text }) => tokens(text)))
const trained = timed(() => train(train_lines))
const bytes = toBytes(trained.result)
const { result: loaded, seconds: load_s } = timed(() => ({
  model: fromBytes(bytes),
  spelling: spellingOf(train_lines),
}))
const { model, spelling } = loaded
const answers = test_lines.map((line) => {
  const { result, seconds } = timed(() => askOf(model, spelling)(line.text))
  return { ...line, ...result, ranking: rankDomains(result.ranked), ms: seconds * 1000 }
})
const known = answers.filter(({ label }) => label !== OUT_OF_SCOPE_LABEL)
const kept = known.map(({ in_scope }) => in_scope)
const strange = answers.filter(({ label }) => label === OUT_OF_SCOPE_LABEL).map(({ in_scope }) => in_scope)
const few = FEW_SEEDS.map((seed) => fewOfEach(train_lines, seed))
const few_trained = few.map((lines) => timed(() => train(lines)))
const few_rates = few_trained.map(({ result }, at) =>
  accuracyOf(inside, bestOf(result, spellingOf(few[at] ?? []))),
)
const random = randomFrom(1)
const mistyped = inside.map((line) => ({ ...line, text: mistype(line.text, random) }))

/** As the product learns what a user has taught: in a worker, with all examples of everybody and what is new of one. */
const workers = openWorkers(
  systemClock,
  new URL('../server/domains/language/learnt/worker.ts', import.meta.url),
  {
    workers_max: 2,
    heap_mb: 512,
  } satisfies Partial<WorkerBounds>,
)
async function retrained(changed: readonly string[]): Promise<number> {
  const started = performance.now()
  await workers.run({ model, examples: train_lines, changed }, 'bench', new AbortController().signal)
  return performance.now() - started
}
const [one_domain = ''] = domains.values()
const of_agent = model.labels.filter((label) => domains.get(label) === one_domain)
// The first one starts the worker and loads what it runs.
await retrained([])
const retrains = [await retrained(of_agent), await retrained(of_agent), await retrained(of_agent)]
const whole = watchEventLoop()
const whole_ms = await retrained(model.labels)
const busy = whole()
// The control is the same time with nothing to do.
const quiet = watchEventLoop()
await pause(whole_ms)
const idle = quiet()
await workers.close()

const times = answers.map(({ ms }) => ms)
const figures = {
  accuracy: share(known, ({ ranked, label }) => ranked[0]?.label === label),
  oos_auroc: auroc(kept, strange),
  oos_recall_at_95: recallAt95(kept, strange),
  agent_first: share(known, ({ ranking, domain }) => ranking[0] === domain),
  agent_in_three: share(known, ({ ranking, domain }) => ranking.slice(0, 3).includes(domain)),
  ten_shot_accuracy: few_rates.reduce((sum, rate) => sum + rate, 0) / few_rates.length,
  latency_ms_p50: quantile(times, 0.5),
  latency_ms_p95: quantile(times, 0.95),
  train_s: trained.seconds,
  retrain_agent_ms: quantile(retrains, 0.5),
  loop_p99_ms: busy.p99,
  loop_idle_p99_ms: idle.p99,
  load_s,
}

const in_train = train_lines.filter(({ label }) => label !== OUT_OF_SCOPE_LABEL)
console.log(
  `${in_train.length} texts of ${model.labels.length} labels trained, ${inside.length} asked, ${outside.length} out of scope`,
)
for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(18)} ${value.toFixed(4)}`)
console.log(`with one typo      ${accuracyOf(mistyped, bestOf(model, spelling)).toFixed(4)}`)
const unrepaired = (text: string) => classify(model, text).ranked[0]?.label
console.log(`  left unrepaired  ${accuracyOf(mistyped, unrepaired).toFixed(4)}`)
console.log(
  `${FEW} of each trained in ${quantile(
    few_trained.map(({ seconds }) => seconds),
    0.5,
  ).toFixed(3)} s; the model has ${(bytes.length / 1e6).toFixed(1)} MB`,
)

console.log(
  `event loop while all ${model.labels.length} labels were learnt in a worker for ${(whole_ms / 1000).toFixed(1)} s: p50 ${busy.p50.toFixed(2)}, p99 ${busy.p99.toFixed(2)}, most ${busy.max.toFixed(1)} ms; idle p50 ${idle.p50.toFixed(2)}, p99 ${idle.p99.toFixed(2)}, most ${idle.max.toFixed(1)} ms`,
)
console.log(
  `one agent of ${of_agent.length} intents, ${train_lines.length} examples in all, learnt anew in ${quantile(retrains, 0.5).toFixed(0)} ms`,
)
// A few milliseconds more are the hand-over of the examples and the model; the training itself holds up nothing.
report('1 + ms of event loop delay p99, while a worker learns and idle', [[1 + busy.p99, 1 + idle.p99]], {
  most: 10,
})

const control = trainNaiveBayes(in_train)
const few_controls = few.map((lines) => trainNaiveBayes(lines))
const asked = (lines: readonly Line[]) => lines.map(({ text }) => control.classify(text).probability)
report(
  'accuracy % against naive Bayes',
  [[figures.accuracy * 100, accuracyOf(inside, (text) => control.classify(text).label) * 100]],
  { least: 1 },
)
report(
  `accuracy % with ${FEW} of each against naive Bayes`,
  few_controls.map(({ classify: ask }, at) => [
    (few_rates[at] ?? 0) * 100,
    accuracyOf(inside, (text) => ask(text).label) * 100,
  ]),
  { least: 1 },
)
if (outside.length > 0) {
  report(
    'out-of-scope AUROC % against naive Bayes',
    [[figures.oos_auroc * 100, auroc(asked(inside), asked(outside)) * 100]],
    { least: 1 },
  )
}
finish()
if (flags.json) console.log(JSON.stringify(figures))
