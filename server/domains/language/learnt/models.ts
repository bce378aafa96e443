import { digest } from '../../../kernel/crypto.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { WorkerError, openWorkers } from '../../../kernel/workers.ts'
import { nameOf as nameOfBase } from '../model.ts'
import type { TrainingExample } from '../model.ts'
import { classify } from '../statistics/classify.ts'
import { fromBytes } from '../statistics/bytes.ts'
import type { Model } from '../statistics/model.ts'
import type { Classify } from '../heard.ts'
import { openModelFiles } from './files.ts'
import { joined } from './own.ts'
import type { Own } from './own.ts'

/** Models of users that are kept in memory, about 3 MB each. */
const MODELS_MAX = 20
/** Megabytes of a worker that learns: 5,000 examples more than the base need about 200. */
const HEAP_MB = 512
/** Two learn at once, and never two for one user. */
const LEARNING = { workers_max: 2, heap_mb: HEAP_MB }

interface Base {
  classify: Classify
  /** What everybody's model is made from. */
  examples(): readonly TrainingExample[]
  model(): Promise<Model>
}

/** The models of users who have taught something. Each is a function of the base and of what its user has taught. */
export interface OwnModels {
  /**
   * What statistics say with what was taught. Until that is learnt, the model that the user had before answers, or
   * everybody's: no sentence waits for a model of its user's own.
   */
  of(user_id: string, own: Own): Classify
  /** Learns it, unless that was done before, and answers once it is learnt. */
  learn(user_id: string, own: Own): Promise<Classify>
  /** The same, to be asked once and not kept. */
  tryOut(user_id: string, own: Own): Promise<Classify>
  /** Forgets everything of a user. */
  forget(user_id: string): void
  close(): Promise<void>
}

interface Kept {
  name: string
  model: Model
}

export function openOwnModels(kernel: Kernel, base: Base): OwnModels {
  const files = openModelFiles(kernel)
  const workers = openWorkers(kernel.clock, new URL('./worker.ts', import.meta.url), LEARNING)
  const ready = openShelf()
  const learning = new Map<string, Promise<Model>>()
  /** Users who are gone: what was still learnt for them is not kept. */
  const gone = new Set<string>()
  let closed = false
  let base_name: string | undefined
  const nameOf = (own: Own): string => {
    base_name ??= nameOfBase(base.examples())
    return digest(JSON.stringify([base_name, own.digest])).slice(0, 32)
  }
  const train = async (user_id: string, own: Own): Promise<Uint8Array> => {
    try {
      const task = { model: await base.model(), ...joined(base.examples(), own) }
      return (await workers.run(task, user_id, new AbortController().signal)).value as Uint8Array
    } catch (error) {
      if (!(error instanceof WorkerError)) throw error
      throw new Fault('SERVICE_UNAVAILABLE', 'It could not be learnt now.', undefined, { cause: error })
    }
  }
  const load = async (user_id: string, own: Own, name: string): Promise<Model> => {
    const kept = files.read(user_id, name)
    if (kept !== undefined) return ready.put(user_id, { name, model: kept })
    const bytes = await train(user_id, own)
    const model = fromBytes(bytes)
    if (gone.has(user_id)) return model
    files.keep(user_id, name, bytes)
    return ready.put(user_id, { name, model })
  }
  const learn = (user_id: string, own: Own): Promise<Model> => {
    const name = nameOf(own)
    const known = ready.get(user_id)
    if (known?.name === name) return Promise.resolve(known.model)
    const key = `${user_id} ${name}`
    return learning.getOrInsertComputed(key, () =>
      load(user_id, own, name).finally(() => learning.delete(key)),
    )
  }
  return {
    of: (user_id, own) => {
      if (own.digest === '') return base.classify
      const known = ready.get(user_id)
      if (known?.name === nameOf(own)) return toClassify(known.model)
      void learn(user_id, own).catch((error: unknown) => {
        if (!closed) kernel.log.warn('what was taught could not be learnt', { user_id, error })
      })
      return known === undefined ? base.classify : toClassify(known.model)
    },
    learn: async (user_id, own) =>
      own.digest === '' ? base.classify : toClassify(await learn(user_id, own)),
    tryOut: async (user_id, own) =>
      own.digest === '' ? base.classify : toClassify(fromBytes(await train(user_id, own))),
    forget: (user_id) => {
      gone.add(user_id)
      ready.delete(user_id)
      files.remove(user_id)
    },
    close: async () => {
      closed = true
      await workers.close()
    },
  }
}

function toClassify(model: Model): Classify {
  return async (text) => classify(model, text)
}

/** The last model of each user, of the users who spoke last. */
function openShelf() {
  const kept = new Map<string, Kept>()
  return {
    get: (user_id: string): Kept | undefined => kept.get(user_id),
    put: (user_id: string, one: Kept): Model => {
      kept.delete(user_id)
      const oldest = kept.keys().next()
      if (kept.size >= MODELS_MAX && oldest.done !== true) kept.delete(oldest.value)
      kept.set(user_id, one)
      return one.model
    },
    delete: (user_id: string): void => void kept.delete(user_id),
  }
}
