import assert from 'node:assert/strict'
import { openChanger } from './changer.ts'
import type { Changer, Refusal } from './changer.ts'
import { chooseDeed } from './deeds.ts'
import { Model, OPEN, chance, isStep, textOf } from './model.ts'
import type { Change, Conflict, Verdict } from './model.ts'

/** What happened in a series, so that a series in which nothing happens is seen. */
export interface Tally {
  changes: number
  refused_changes: number
  rollbacks: number
  conflicts: number
  taken: number
  same_states: number
  inexact: number
  loose: number
}

/** A server and the model of it, which are compared after everything that is done. */
export class Series {
  readonly tally: Tally = {
    changes: 0,
    refused_changes: 0,
    rollbacks: 0,
    conflicts: 0,
    taken: 0,
    same_states: 0,
    inexact: 0,
    loose: 0,
  }
  readonly model = new Model()
  readonly chosen: ReturnType<typeof chance>
  private readonly seed: number
  private readonly changer: Changer
  private readonly hashes = new Map<string, string>()
  private readonly log: string[] = []

  private constructor(seed: number, changer: Changer) {
    this.seed = seed
    this.changer = changer
    this.chosen = chance(seed)
  }

  static async open(seed: number): Promise<Series> {
    const changer = await openChanger()
    const series = new Series(seed, changer)
    for (const [key, flat] of await changer.state()) series.model.objects.set(key, flat)
    // What was made before is there to be taken back as well.
    for (const { id, description, target } of (await changer.list()).toReversed()) {
      const key = `${target.kind}:${target.id}`
      series.model.changes.push({
        id,
        description,
        key,
        before: undefined,
        after: series.model.objects.get(key),
        undoes: undefined,
      })
    }
    return series
  }

  close(): Promise<void> {
    return this.changer.close()
  }

  /** Makes a random change, or one that must be refused or changes nothing. */
  async change(): Promise<void> {
    const deed = chooseDeed(this.chosen, this.model)
    await this.guarded(deed.text, async () => {
      const before = this.model.objects.get(deed.key ?? '')
      const isSame = deed.key !== undefined && textOf(before) === textOf(deed.after)
      const refused = await deed.make(this.changer)
      if (deed.is_taken) {
        assert.ok(refused, 'Two have one name or number.')
        this.tally.refused_changes += 1
      } else if (!isSame) assert.equal(refused, undefined)
      else if (refused) assert.ok(['SYSTEM_002', 'SAID'].includes(refused.code), JSON.stringify(refused))
      if (deed.is_taken || isSame) return this.compare(undefined)
      this.tally.changes += 1
      return this.compare({ key: deed.key, kind: deed.kind, after: deed.after, undoes: undefined })
    })
  }

  /** Takes a change back by its id and holds what comes of it to the model. */
  async rollBack(change: Change): Promise<Change | undefined> {
    const { id, key } = change
    return this.guarded(`rollback ${id} of ${key} ${change.description}`, async () => {
      const verdict = this.model.verdict(change)
      const refused = await this.changer.rest('system.rollback', { modification_id: id })
      return this.judge(change, verdict, refused)
    })
  }

  /** Takes the newest change back, by a rollback that names nothing or by a sentence. */
  async undo(way: 'rest' | 'sentence'): Promise<Change | undefined> {
    return this.guarded(`undo by ${way}`, async () => {
      const newest = this.model.newest()
      const refused = way === 'rest' ? await this.changer.rest('system.rollback', {}) : await this.sayUndo()
      if (newest !== undefined) return this.judge(newest, this.model.verdict(newest), refused)
      assert.ok(refused)
      await this.compare(undefined)
      return undefined
    })
  }

  /** Takes several back at once, or none. */
  async steps(steps: number): Promise<void> {
    await this.guarded(`${steps} steps`, async () => {
      const imagined = new Model()
      for (const [key, flat] of this.model.objects) imagined.objects.set(key, flat)
      imagined.changes.push(...this.model.changes)
      const made: Pick<Change, 'key' | 'after' | 'undoes'>[] = []
      for (let step = 0; step < steps; step += 1) {
        const newest = imagined.newest()
        const verdict = newest && imagined.verdict(newest)
        if (verdict?.kind !== 'done') break
        const { key, after } = verdict
        made.push({ key, after, undoes: newest })
        imagined.record({ id: `step ${step}`, description: '', key, after, undoes: newest })
      }
      const refused = await this.changer.rest('system.rollback', { steps })
      if (made.length < steps) {
        assert.ok(refused, `There are only ${made.length}.`)
        return this.compare(undefined)
      }
      assert.equal(refused, undefined)
      const listed = (await this.changer.list()).slice(0, steps).toReversed()
      for (const [index, one] of made.entries()) {
        const { id = '', description = '' } = listed[index] ?? {}
        this.model.record({ id, description, ...one })
      }
      this.tally.rollbacks += steps
      return this.compare(undefined)
    })
  }

  /** Every change says that it can be taken back exactly when it can. */
  async compareList(): Promise<void> {
    await this.guarded('list', async () => {
      const listed = await this.changer.list()
      const known = new Map(this.model.changes.map((one) => [one.id, one]))
      assert.deepEqual(
        listed.map(({ id }) => id),
        this.model.changes
          .map(({ id }) => id)
          .toReversed()
          .slice(0, 500),
      )
      for (const { id, description, rollback_available } of listed) {
        const change = known.get(id)
        const verdict = change && this.model.verdict(change)
        assert.equal(
          rollback_available,
          change && this.model.isAvailable(change),
          `${id} ${description}: ${said(verdict)}`,
        )
      }
    })
  }

  private async sayUndo(): Promise<Refusal | undefined> {
    const { said: answer, failed, input } = await this.changer.say('undo that')
    if (failed !== undefined) return failed
    return input === undefined ? { code: 'SAID', details: { answer } } : undefined
  }

  private async judge(
    undoes: Change,
    verdict: Verdict,
    refused: Refusal | undefined,
  ): Promise<Change | undefined> {
    if (verdict.kind === 'done') {
      assert.equal(refused, undefined)
      this.tally.rollbacks += 1
      const { key, after } = verdict
      await this.compare({ key, kind: '', after, undoes })
      return this.model.changes.at(-1)
    }
    assert.ok(refused, said(verdict))
    // A sentence says in words what a call names.
    if (refused.code === 'SAID') return this.compare(undefined).then(() => undefined)
    assert.equal(refused.code, 'SYSTEM_003', said(verdict))
    if (verdict.kind === 'conflicts') {
      this.tally.conflicts += 1
      this.compareConflicts(undoes, verdict.conflicts, refused.details['conflicts'] as Named[])
    } else {
      this.tally.taken += 1
      const [kind, id] = verdict.by.split(':')
      assert.deepEqual(refused.details['conflicts'], [{ kind, id, field: verdict.field }])
    }
    await this.compare(undefined)
    return undefined
  }

  private compareConflicts(undoes: Change, expected: readonly Conflict[], named: readonly Named[]): void {
    const { changes } = this.model
    const index = changes.indexOf(undoes)
    // Finding 2: what takes back something older, or another rollback, is not reckoned with.
    const isChain = ({ key, undoes: older }: Change) =>
      key === undoes.key &&
      older !== undefined &&
      (older.undoes !== undefined || changes.indexOf(older) <= index)
    const isLoose = OPEN.chains && changes.slice(index + 1).some(isChain)
    for (const { path, needed, allowed } of expected) {
      const ids = named.filter(({ paths }) => paths.some((one) => covers(one, path))).map(({ id }) => id)
      const wrong = ids.filter((id) => !allowed.some((one) => one.id === id))
      const took = changes.filter(({ id }) => ids.includes(id))
      const missing = isLoose ? [] : needed.filter((step) => !took.some((one) => isStep(one, step)))
      if (isLoose) this.tally.loose += 1
      if (needed.length !== ids.length) this.tally.inexact += 1
      const rows = changes
        .slice(index)
        .filter(({ key }) => key === undoes.key)
        .map((one) => {
          const steps = (missing.length > 0 ? missing : [{ path }]).map(
            (step) => `${step.path}: ${one.before?.get(step.path)} -> ${one.after?.get(step.path)}`,
          )
          return `${one.id} takes back ${one.undoes?.id}: ${steps.join()}`
        })
      const text = `${path}: wrong [${wrong.join()}], missing ${JSON.stringify(missing)} in ${JSON.stringify(named)}`
      assert.ok(wrong.length + missing.length === 0, [text, ...rows].join('\n'))
    }
    for (const { id, description, paths } of named) {
      assert.equal(description, changes.find((one) => one.id === id)?.description)
      for (const one of paths)
        assert.ok(
          expected.some(({ path }) => covers(one, path)),
          `${one} has the value that it was left with.`,
        )
    }
  }

  /** The server's newest modification, state and hash are what the model says; nothing is new where it says so. */
  private async compare(
    made:
      | (Omit<Change, 'id' | 'description' | 'key' | 'before'> & { key: string | undefined; kind: string })
      | undefined,
  ): Promise<void> {
    const newest = await this.changer.newest()
    if (made !== undefined) {
      assert.ok(newest)
      const { id, description, target } = newest
      assert.notEqual(id, this.model.changes.at(-1)?.id, 'Nothing was recorded.')
      const key = made.key ?? `${made.kind}:${target.id}`
      assert.equal(`${target.kind}:${target.id}`, key)
      this.model.record({ id, description, key, after: made.after, undoes: made.undoes })
    } else assert.equal(newest?.id, this.model.changes.at(-1)?.id, `Recorded: ${newest?.description}`)
    const state = await this.changer.state()
    assert.deepEqual(texts(state), texts(this.model.objects))
    if (made !== undefined && newest !== undefined) this.compareHash(newest.state_hash)
  }

  private compareHash(hash: string): void {
    const text = this.model.text()
    const known = this.hashes.get(text)
    if (known !== undefined) {
      this.tally.same_states += 1
      assert.equal(hash, known, 'The same state has another hash.')
      return
    }
    assert.ok(!Array.from(this.hashes.values()).includes(hash), 'Another state has the same hash.')
    this.hashes.set(text, hash)
  }

  /** A failure says where it happened and how to come there again. */
  private async guarded<T>(text: string, work: () => Promise<T>): Promise<T> {
    this.log.push(text)
    try {
      return await work()
    } catch (error) {
      const place = `seed ${this.seed}, step ${this.log.length}`
      const objects = JSON.stringify(
        this.model.changes.slice(-12).map(({ id, description }) => `${id} ${description}`),
        undefined,
        1,
      )
      throw new Error(`${place}:\n${this.log.slice(-12).join('\n')}\n${objects}`, { cause: error })
    }
  }
}

function texts(objects: ReadonlyMap<string, Change['after']>): Record<string, string> {
  return Object.fromEntries(Array.from(objects, ([key, flat]) => [key, textOf(flat)]))
}

function said(verdict: Verdict | undefined): string {
  return JSON.stringify(verdict, (_name, one: unknown) =>
    one instanceof Map ? Object.fromEntries(one) : one,
  )
}

interface Named {
  id: string
  description: string
  paths: string[]
}

/** An object that came or went as a whole is one path, which stands for all in it. */
function covers(named: string, path: string): boolean {
  return named === path || (named !== '' && path.startsWith(`${named}/`))
}
