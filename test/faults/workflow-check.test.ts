import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { StepRow } from '../../server/domains/workflows/store.ts'
import { idleSyncer } from './store-check.ts'
import { openBook } from './workflow-book.ts'
import { findChanged, findRepeated, findUnexplained } from './workflow-check.ts'
import { findUnfinished } from './workflow-end.ts'
import { openOutside } from './workflow-outside.ts'
import type { Asked } from './workflow-outside.ts'
import { openRunner, prepare, work } from './workflow-runs.ts'
import { NOTHING, readState } from './workflow-state.ts'
import type { Execution, State } from './workflow-state.ts'

const root = mkdtempSync(join(tmpdir(), 'paios-workflow-check-'))
after(() => rmSync(root, { recursive: true }))

function stop(what: unknown): never {
  throw new Error(String(what))
}

function openIdle(): typeof idleSyncer {
  return idleSyncer
}

/** One run as it was somewhere in between, and as it ended, and what it asked of the outside. */
let midway: State
let ended: State
let asked: readonly Asked[]
/** What was asked by an execution that belongs to no run. */
let alone: readonly Asked[]
let run_id: string
const started = new Map<string, string>()

before(async () => {
  const data_dir = join(root, 'data')
  mkdirSync(data_dir)
  const outside = await openOutside()
  const book = openBook(root)
  const how = { syncer: openIdle, complain: stop, onFatal: stop }
  const server = await openRunner({ data_dir, outside: outside.host, ...how })
  await prepare(server, book)
  const names = ['only']
  const given = { outside: outside.host, workflow: 'graph', together: 1, isOver: () => false } as const
  const { kernel } = server.app
  const seen = Promise.withResolvers<void>()
  kernel.events.hear(({ name, data }) => {
    if (name !== 'workflow:step_completed' || (data as { step_id: string }).step_id !== 'item2') return
    midway = readState(data_dir, { halves: false })
    seen.resolve()
  })
  const left = await work(server, book, { ...given, next: () => names.pop(), patience_ms: 10_000 })
  assert.equal(left, 0)
  await seen.promise
  asked = [...outside.asked]
  ended = readState(data_dir, { halves: true })
  const { user_id = '', token } = book.account() ?? {}
  const command = { action: 'post', parameters: { url: `http://${outside.host}/ok/plain/none`, body: 'x' } }
  const plain = { ...command, user_id, request_id: 'plain', priority: 'normal' } as const
  await server.ask(token, 'agents.execute', { id: '8', command: plain, wait_for_completion: true })
  alone = outside.asked.slice(asked.length)
  await server.close()
  await outside.close()
  run_id = book.started().get('only') ?? assert.fail('it was not acknowledged')
  started.set('only', run_id)
})

type Damage = (state: State) => State
const keyOf = (id: string): string => `${run_id}/${id}`

const step =
  (id: string, change: Partial<StepRow> | undefined): Damage =>
  (state) => {
    const steps = new Map(state.steps)
    const known = steps.get(keyOf(id)) ?? assert.fail(id)
    if (change === undefined) steps.delete(keyOf(id))
    else steps.set(keyOf(id), { ...known, ...change })
    return { ...state, steps }
  }

const execution =
  (id: string, change: Partial<Execution>): Damage =>
  (state) => {
    const known = state.executions.get(state.steps.get(keyOf(id))?.execution_id ?? '') ?? assert.fail(id)
    const made = { ...known, ...change }
    return { ...state, executions: new Map([...state.executions, [made.id, made]]) }
  }

const event =
  (change: (events: State['events'][number][]) => State['events']): Damage =>
  (state) => ({ ...state, events: change([...state.events]) })

/** A post under way as it is on the disk then. */
const out: Damage = (state) =>
  execution('post1', { status: 'executing', begun: 1 })(
    step('post1', { status: 'executing', attempts: 1, tries: null, ended_at: null, result: null })(state),
  )

/** Whether something is found, whatever else is. */
function finds(problems: readonly string[], wanted: RegExp): void {
  const isFound = problems.some((problem) => wanted.test(problem))
  assert.ok(isFound, `${wanted} is not in ${problems.join('; ') || 'nothing'}`)
}

test('a run that was not disturbed has nothing wrong with it', () => {
  assert.deepEqual(findUnfinished(ended, started, ended.events), [])
  assert.deepEqual([...findChanged(midway, ended), ...findChanged(ended, ended)], [])
  assert.deepEqual([...findUnexplained(NOTHING, ended), ...findUnexplained(ended, ended)], [])
  assert.deepEqual([...findRepeated(NOTHING, ended, asked), ...findRepeated(ended, ended, [])], [])
  assert.ok(midway.steps.size > 5 && [...midway.runs.values()][0]?.ended_at === null)
})

test('what a step sends carries its run and its name as a key, and what an agent sends by itself carries none', () => {
  const sent = asked.filter(({ sends }) => sends)
  assert.deepEqual([...new Set(sent.map(({ step: id }) => id))].toSorted(), [
    'hook1',
    'post1',
    'post2',
    'post3',
    'post4',
    'post5',
  ])
  for (const { step: id, key } of sent) assert.equal(key, keyOf(id))
  assert.equal(sent.filter(({ step: id }) => id === 'post4').length, 3)
  assert.deepEqual(
    alone.map(({ name, sends, key }) => [name, sends, key]),
    [['plain', true, undefined]],
  )
})

test('each thing that a process must leave as it was is found when it has not', () => {
  for (const [damage, found] of [
    [(state) => ({ ...state, runs: new Map() }), /^run only is gone$/],
    [step('item1', undefined), /item1 was completed, and is not recorded any more$/],
    [step('item1', { ended_at: 'later' }), /item1 was completed at \S+, and is completed at later$/],
    [step('item1', { result: '{"added":[]}' }), /item1 was completed/],
    [step('begin', { status: 'failed' }), /begin was completed at .* is failed/],
    [event((events) => events.with(3, { ...(events[4] ?? assert.fail()), seq: 4 })), /^event 4 was /],
  ] as readonly (readonly [Damage, RegExp])[])
    finds(findChanged(midway, damage(ended)), found)
  const tried = step('late', { status: 'pending', attempts: 2, tries: '[{"error":"a"}]' })(ended)
  finds(
    findChanged(tried, step('late', { attempts: 3, tries: '[{"error":"b"}]' })(ended)),
    /forgotten attempts/,
  )
  finds(findChanged(tried, step('late', { attempts: 1, tries: null })(ended)), /forgotten attempts/)
  const [waits, anew] = [10, 20].map((wake) => step('pause1', { status: 'waiting', wake })(ended))
  finds(findChanged(waits ?? ended, anew ?? ended), /wait anew/)
  const over = { ...ended, runs: new Map([...ended.runs].map(([id, run]) => [id, { ...run, error: 'x' }])) }
  assert.deepEqual(findChanged(ended, over), ['run only changed after its end'])
})

test('a request too many, too few, or under another key is found', () => {
  const post = asked.find((one) => one.step === 'post1') ?? assert.fail()
  const read = asked.find((one) => one.step === 'read1') ?? assert.fail()
  for (const [requests, found] of [
    [[...asked, post], /post1 made 2 requests in 1 to 1 attempts$/],
    [[...asked, read], /read1 made 2 requests in 1 to 1 attempts$/],
    [asked.filter((one) => one !== post), /post1 made 0 requests in 1 to 1 attempts$/],
    [asked.map((one) => (one === post ? { ...one, key: undefined } : one)), /key undefined$/],
    [
      asked.map((one) => (one === read ? { ...one, key: keyOf('read1') } : one)),
      /read1 was sent with the key/,
    ],
    [[...asked, { ...post, name: 'other' }], /^post1 of the unknown run other was performed$/],
  ] as const)
    finds(findRepeated(NOTHING, ended, requests), found)
  // Whatever had its outcome before is not asked for by the next process.
  finds(findRepeated(ended, ended, [post]), /post1 made 1 requests in 0 to 0 attempts$/)
})

test('what was under way at a kill may be asked for once more if it only reads, and not at all if it sends', () => {
  const none = step('post1', undefined)(step('read1', undefined)(ended))
  const mine = (id: string) => asked.filter((one) => one.step === id)
  const others = asked.filter((one) => !['post1', 'read1'].includes(one.step))
  const reading = step('read1', undefined)(ended)
  assert.deepEqual(findRepeated(NOTHING, reading, [...others, ...mine('post1'), ...mine('read1')]), [])
  assert.deepEqual(findRepeated(NOTHING, out(ended), asked), [])
  assert.deepEqual(findRepeated(none, out(reading), []), [])
  finds(findRepeated(NOTHING, none, asked), /post1 made 1 requests in 0 to 0/)
  finds(findRepeated(out(ended), out(ended), mine('post1')), /post1 made 1 requests in 0/)
  const unknown = step('post1', { status: 'unknown', attempts: 1 })(ended)
  finds(findRepeated(out(ended), unknown, mine('post1')), /post1 made 1 requests in 0/)
})

test('only what sends and was under way at a kill is unknown, and always', () => {
  const unknown = step('post1', { status: 'unknown' })(ended)
  assert.deepEqual(findUnexplained(out(ended), unknown), [])
  assert.deepEqual(findUnexplained(out(ended), out(ended)), [])
  finds(findUnexplained(NOTHING, unknown), /post1 is unknown, but was not under way$/)
  finds(findUnexplained(out(ended), ended), /post1 was under way at a kill, and is completed$/)
  const unbegun = execution('post1', { begun: 0 })(out(ended))
  finds(findUnexplained(unbegun, unknown), /post1 is unknown, but was not under way$/)
})

/** What must not be there at the end, each as something that is done to an end that is right. */
const WRONG: readonly (readonly [Damage, RegExp])[] = [
  [(state) => ({ ...state, halves: ['half'] }), /^half$/],
  [(state) => ({ ...state, runs: new Map() }), /^the acknowledged run only is lost$/],
  [step('item1', undefined), /^run only has 29 steps$/],
  [step('item1', { status: 'failed' }), /item1 is failed/],
  [step('item1', { status: 'unknown' }), /^run only is completed, but a step is unknown$/],
  [step('skip1', { status: 'completed' }), /skip1 is completed/],
  [step('past1', { result: '{"value":1}' }), /past1 gave/],
  [(state) => ({ ...state, failures: [run_id] }), /^the failure of run only was notified 1 times$/],
  [(state) => ({ ...state, jobs: ['workflows.run x'] }), /^the job workflows.run x is left$/],
  [execution('item1', { id: 'new' }), /item1 was done 2 times$/],
  [execution('item1', { status: 'executing' }), /^an execution of .*item1 is open$/],
  [execution('item1', { status: 'failed' }), /item1 was done 0 times$/],
  [execution('page1', { id: 'new', status: 'failed' }), /page1 has 3 of 2 executions$/],
  [step('item1', { execution_id: 'other' }), /item1 was done by another execution$/],
  ...(['item', 'reminder', 'note', 'notice'] as const).flatMap((kind): (readonly [Damage, RegExp])[] => [
    [
      (state) => {
        const [first = '', ...rest] = state.traces[kind]
        return { ...state, traces: { ...state.traces, [kind]: [first, first, ...rest] } }
      },
      /is there 2 times$/,
    ],
    [
      (state) => ({ ...state, traces: { ...state.traces, [kind]: state.traces[kind].slice(1) } }),
      /is there 0 times$/,
    ],
    [
      (state) => ({ ...state, traces: { ...state.traces, [kind]: [...state.traces[kind], 'stray'] } }),
      /stray is there 1 times more$/,
    ],
  ]),
]

test('each thing that is wrong at the end is found', () => {
  for (const [damage, found] of WRONG) finds(findUnfinished(damage(ended), started, ended.events), found)
})

function at(name: string): number {
  return ended.events.findIndex((one) => one.name === name)
}

function again(name: string): Damage {
  return event((events) => [...events, { ...(events[at(name)] ?? assert.fail()), seq: events.length + 1 }])
}

function numbered(events: State['events']): State['events'] {
  return events.map((one, index) => ({ ...one, seq: index + 1 }))
}

test('an event that is missing, told twice, out of order or says something else is found', () => {
  for (const [damage, found] of [
    [event((events) => events.toSpliced(5, 1)), /^event 7 is not in its place$/],
    [again('workflow:step_completed'), /^run only was told as/],
    [again('workflow:completed'), /^run only was told as/],
    [again('workflow:triggered'), /^run only was told as/],
    [again('agent:execution_completed'), /^agent:execution_completed of \S+: 2 times$/],
    [again('agent:execution_started'), /^agent:execution_started of \S+: 2 times$/],
    [event((events) => numbered(events.toSpliced(at('workflow:completed'), 1))), /^run only was told as/],
    [event((events) => numbered(events.toReversed())), /^run only was told as/],
    [
      event((events) => numbered(events.toSpliced(at('agent:execution_completed'), 1))),
      /^agent:execution_completed of \S+: 0 times$/,
    ],
    [
      event((events) =>
        events.map((one) =>
          one.data['step_id'] === 'item1' ? { ...one, data: { ...one.data, result: 1 } } : one,
        ),
      ),
      /^the result of item1 in run only was told as/,
    ],
  ] as const) {
    finds(findUnfinished(ended, started, damage(ended).events), found)
  }
})
