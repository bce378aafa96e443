import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Operations } from '../../contract/index.ts'
import type { Input } from '../../contract/operation.ts'
import type { Impact, SystemModification } from '../../contract/system.ts'
import { performAs } from '../../server/domains/changes/fixture.ts'
import { pass } from '../../server/domains/workflows/triggers/rig.ts'
import { CHANGES, inputOf } from './impact-changes.ts'
import type { Wanted } from './impact-changes.ts'
import { WINDOW_MS, futureOf, openWorld, problemsOf, routesOf, wakesOf } from './impact-world.ts'
import type { World } from './impact-world.ts'

/** All of them for the long form, `PAIOS_IMPACT_EVERY=1`; each takes a world of its own. */
const EVERY = Number(process.env['PAIOS_IMPACT_EVERY'] ?? 5)
const chosen = Object.entries(CHANGES).filter((_one, index) => index % EVERY === 0)

/** Everything that is compared, before a change and after it. */
interface Seen {
  routes: Map<string, string>
  problems: Map<string, { errors: string; warnings: string }>
  starts: Map<string, string>
  ends: Map<string, string>
  wakes: Map<string, boolean>
}

/** One thing that was foretold or happened, as in `route add milk`. */
type Item = string

interface Verdict {
  name: string
  missed: Item[]
  false_alarms: Item[]
  foretold: Item[]
  impact: Impact
  text: string
}

async function see(world: World, make: () => Promise<void>): Promise<Seen> {
  try {
    await make()
    await pass(world.stage, 0)
    const routes = await routesOf(world)
    const problems = await problemsOf(world)
    const future = await futureOf(world)
    return { routes, problems, ...future, wakes: await wakesOf(world) }
  } finally {
    // What still runs here would never end otherwise, and the server closes after it.
    await pass(world.stage, WINDOW_MS)
  }
}

async function makeChange(world: World, wanted: Wanted): Promise<SystemModification> {
  const { stage } = world
  const input = inputOf(world, wanted)
  if ('modify' in wanted) {
    const modification = input as Input<Operations['system.modify']>
    const tried = await performAs(stage, stage.ann, 'system.modify', { ...modification, dry_run: true })
    const made = await performAs(stage, stage.ann, 'system.modify', modification)
    assert.deepEqual([tried.impact, tried.impact_assessment], [made.impact, made.impact_assessment])
    return made
  }
  await stage.ask(stage.ann.token, wanted.ask, input as never)
  const { modifications } = await stage.ask(stage.ann.token, 'system.modifications', { limit: 1 })
  const [made] = modifications
  assert.ok(made)
  return made
}

function changed<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): string[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return Array.from(keys).filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)))
}

/** What really happened, as items; `allowed` are those that a good forecast may name or not. */
function truthOf(
  world: World,
  before: Seen,
  after: Seen,
  { target, patch }: SystemModification,
): { happened: Item[]; allowed: Item[] } {
  const broken = Array.from(after.problems).filter(([id, now]) => {
    const then = before.problems.get(id)
    return now.errors !== '[]' && (then?.errors ?? '[]') === '[]'
  })
  const warned = Array.from(after.problems).filter(
    ([id, now]) => now.warnings !== (before.problems.get(id)?.warnings ?? '[]'),
  )
  const schedules = changed(before.starts, after.starts)
  const woken = changed(before.wakes, after.wakes)
  // That an agent which can do nothing more starts nothing more need not be said.
  const isAgents = (name: string) => target.kind === 'agent' && name === 'Follow'
  const happened: Item[] = [
    ...broken.map(([id]) => `broken ${id}`),
    ...changed(before.routes, after.routes).map((text) => `route ${text}`),
    ...schedules.map((id) => `schedule ${id}`),
    ...changed(before.ends, after.ends).map((name) => `execution ${name}`),
    ...schedules.map((id) => `trigger ${id}`),
    ...woken.filter((name) => !isAgents(name)).map((name) => `trigger ${name}`),
  ]
  // A trigger that is another one by now, although nothing starts at another time for it, may be named.
  const redefined = Array.from(world.workflows).filter(
    ([, id]) => id === target.id && patch.some(({ path }) => path.startsWith('/definition/trigger')),
  )
  const allowed: Item[] = [
    ...redefined.map(([name]) => `trigger ${name}`),
    ...warned.map(([id]) => `broken ${id}`),
    ...woken.filter(isAgents).map((name) => `trigger ${name}`),
  ]
  return { happened: Array.from(new Set(happened)), allowed }
}

/** What the impact foretells, as items of the same form. */
function foretellingOf(world: World, after: Seen, impact: Impact): Item[] {
  const all = Array.from(new Set([...world.workflows.keys(), ...after.problems.keys()]))
  const mentions = (kind: string, texts: readonly string[]) =>
    all
      .filter((name) => texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)))
      .map((name) => `${kind} ${name}`)
  const running = new Map(Array.from(world.running, ([name, id]) => [id, name]))
  return Array.from(
    new Set([
      ...mentions('broken', impact.problems),
      ...impact.routes.map(({ text }) => `route ${text}`),
      ...impact.schedules.map(({ workflow_id }) => `schedule ${workflow_id}`),
      // The execution of a step goes with its run.
      ...impact.executions.flatMap((id) => (running.has(id) ? [`execution ${running.get(id)}`] : [])),
      ...mentions('trigger', impact.triggers),
    ]),
  )
}

/** The times that the impact names are those at which the runs really start. */
function wrongTimes({ schedules }: Impact, before: Seen, after: Seen, end: number): string[] {
  const isRight = (foretold: string | null, real: string | undefined) =>
    real === undefined
      ? foretold === null || Date.parse(foretold) > end
      : foretold !== null && Date.parse(foretold) === Date.parse(real)
  return schedules
    .filter(
      (one) =>
        !isRight(one.before, before.starts.get(one.workflow_id)) ||
        !isRight(one.after, after.starts.get(one.workflow_id)),
    )
    .map(
      (one) =>
        `${one.name}: ${one.before} -> ${one.after}, really ${before.starts.get(one.workflow_id)} -> ${after.starts.get(one.workflow_id)}`,
    )
}

/** Starts and problems by name, which is the same in every world. */
function byName(world: World, seen: Seen, made?: readonly [id: string, name: string]): Seen {
  const names = new Map(Array.from(world.workflows, ([name, id]) => [id, name]))
  if (made !== undefined && !names.has(made[0])) names.set(...made)
  const renamed = <T>(map: ReadonlyMap<string, T>) =>
    new Map(Array.from(map, ([id, value]) => [names.get(id) ?? id, value]))
  return { ...seen, starts: renamed(seen.starts), problems: renamed(seen.problems) }
}

let untouched: Promise<Seen> | undefined

/** What happens when nothing is changed. */
async function control(context: Pick<TestContext, 'after'>): Promise<Seen> {
  const world = await openWorld(context)
  return byName(world, await see(world, () => Promise.resolve()))
}

const verdicts: Verdict[] = []

for (const [name, wanted] of chosen) {
  test(`${name}: what it is said to touch is what then happens`, async (context) => {
    const before = await (untouched ??= control(context))
    const world = await openWorld(context)
    const end = world.stage.clock.now() + WINDOW_MS
    const all: SystemModification[] = []
    const seen = await see(world, async () => {
      all.push(await makeChange(world, wanted))
    })
    const [made] = all
    assert.ok(made)
    const { id } = made.target
    const after = byName(world, seen, [id, madeName(wanted)])
    const impact = withNames(world, made.impact, [id, madeName(wanted)])
    const { happened, allowed } = truthOf(world, before, after, made)
    const foretold = foretellingOf(world, after, impact)
    const verdict = {
      name,
      missed: happened.filter((one) => !foretold.includes(one)),
      false_alarms: foretold.filter((one) => !happened.includes(one) && !allowed.includes(one)),
      foretold,
      impact,
      text: made.impact_assessment,
    }
    verdicts.push(verdict)
    context.diagnostic(JSON.stringify({ ...verdict, impact: undefined }))
    assert.deepEqual([verdict.missed, wrongTimes(impact, before, after, end)], [[], []])
    assert.deepEqual(unsaid(verdict, happened), [])
  })
}

test('at most one in twenty of the things that are foretold does not happen', (context) => {
  const items = verdicts.flatMap((one) => one.foretold).length
  const alarms = verdicts.flatMap(({ name, false_alarms }) => false_alarms.map((one) => `${name}: ${one}`))
  context.diagnostic(`${verdicts.length} changes, ${items} items foretold, ${alarms.length} false alarms`)
  assert.ok(items > 0 && alarms.length <= items * 0.05, alarms.join('\n'))
})

test('the text is another one where the impact is another one', () => {
  const structures = new Map<string, string>()
  for (const { name, text, foretold } of verdicts) {
    const known = structures.get(text)
    assert.ok(known === undefined || known === JSON.stringify(foretold), `${name}: ${text}`)
    structures.set(text, JSON.stringify(foretold))
  }
})

/** Workflows, sentences and schedules that the text does not name, unless there are too many to name them all. */
function unsaid({ text, foretold }: Verdict, happened: readonly Item[]): Item[] {
  const right = foretold.filter((one) => happened.includes(one) && !one.startsWith('execution '))
  return ['broken', 'route', 'schedule'].flatMap((kind) => {
    const all = right.filter((one) => one.startsWith(`${kind} `))
    const silent = all.filter((one) => !text.includes(one.slice(kind.length + 1)))
    return silent.length > 0 && silent.length > all.length - 1 ? silent : []
  })
}

function withNames(world: World, impact: Impact, made: readonly [string, string]): Impact {
  const names = new Map(Array.from(world.workflows, ([name, id]) => [id, name] as const))
  if (!names.has(made[0])) names.set(...made)
  const schedules = impact.schedules.map((one) => ({
    ...one,
    workflow_id: names.get(one.workflow_id) ?? one.workflow_id,
  }))
  return { ...impact, schedules }
}

function madeName(wanted: Wanted): string {
  return 'ask' in wanted && wanted.ask === 'workflows.create' ? String(wanted.input['name']) : 'new'
}
