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
import { guarded } from './vital.ts'

/** Models of users that are kept in memory, about 3 MB each. */
const MODELS_MAX = 20
/** Megabytes of a worker that learns: 5,000 examples more than the base need about 200. */
const HEAP_MB = 512
/** Two learn at once, and never two for one user; who has too many waiting is learnt for with the next sentence. */
const LEARNING = { workers_max: 2, waiting_per_user_max: 4, waiting_max: 16, heap_mb: HEAP_MB }

const NEVER = new AbortController().signal

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
  /**
   * Learns it, unless that was done before, and answers once it is learnt. It answers sentences only when `of` asks for
   * the very same: what is learnt for a change that then fails is no one's. The signal ends the learning.
   */
  learn(user_id: string, own: Own, signal?: AbortSignal): Promise<Classify>
  /** The same, to be asked once and not kept. */
  tryOut(user_id: string, own: Own, signal?: AbortSignal): Promise<Classify>
  /** Forgets everything of a user. */
  forget(user_id: string): void
  close(): Promise<void>
}

export function openOwnModels(kernel: Kernel, base: Base): OwnModels {
  const toClassify = (model: Model): Classify => guarded(base.classify, async (text) => classify(model, text))
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
  const train = async (user_id: string, own: Own, signal = NEVER): Promise<Uint8Array> => {
    try {
      const task = { model: await base.model(), ...joined(base.examples(), own) }
      return (await workers.run(task, user_id, signal)).value as Uint8Array
    } catch (error) {
      if (!(error instanceof WorkerError)) throw error
      throw new Fault('SERVICE_UNAVAILABLE', 'It could not be learnt now.', undefined, { cause: error })
    }
  }
  const load = async (user_id: string, own: Own, name: string, signal?: AbortSignal): Promise<Model> => {
    const kept = files.read(user_id, name)
    if (kept !== undefined) return ready.put(user_id, name, kept)
    const bytes = await train(user_id, own, signal)
    const model = fromBytes(bytes)
    if (gone.has(user_id)) return model
    files.keep(user_id, name, bytes)
    return ready.put(user_id, name, model)
  }
  const learn = (user_id: string, own: Own, signal?: AbortSignal): Promise<Model> => {
    const name = nameOf(own)
    const known = ready.get(user_id, name)
    if (known !== undefined) return Promise.resolve(known)
    // What may be given up is nobody else's to wait for.
    if (signal !== undefined) return load(user_id, own, name, signal)
    return learning.getOrInsertComputed(keyIn(user_id, name), (key) =>
      load(user_id, own, name).finally(() => learning.delete(key)),
    )
  }
  return {
    of: (user_id, own) => {
      if (own.digest === '') return base.classify
      const known = ready.use(user_id, nameOf(own))
      if (known.is_it) return toClassify(known.model)
      void learn(user_id, own).catch((error: unknown) => {
        if (!closed) kernel.log.warn('what was taught could not be learnt', { user_id, error })
      })
      return known.model === undefined ? base.classify : toClassify(known.model)
    },
    learn: async (user_id, own, signal) =>
      own.digest === '' ? base.classify : toClassify(await learn(user_id, own, signal)),
    tryOut: async (user_id, own, signal) =>
      own.digest === '' ? base.classify : toClassify(fromBytes(await train(user_id, own, signal))),
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

function keyIn(user_id: string, name: string): string {
  return `${user_id} ${name}`
}

/** What a user is understood with; whether it is what was asked for, or what they had before, if anything. */
type Shelved = { is_it: true; model: Model } | { is_it: false; model: Model | undefined }

/** The models that were used or made last, each under its name. */
function openShelf() {
  const kept = new Map<string, Model>()
  /** The name of the model that each user was last understood with. */
  const used = new Map<string, string>()
  const get = (user_id: string, name: string): Model | undefined => kept.get(keyIn(user_id, name))
  const put = (user_id: string, name: string, model: Model): Model => {
    const key = keyIn(user_id, name)
    kept.delete(key)
    const oldest = kept.keys().next()
    if (kept.size >= MODELS_MAX && oldest.done !== true) kept.delete(oldest.value)
    kept.set(key, model)
    return model
  }
  return {
    get,
    put,
    use: (user_id: string, name: string): Shelved => {
      const model = get(user_id, name)
      if (model === undefined) return { is_it: false, model: get(user_id, used.get(user_id) ?? '') }
      used.set(user_id, name)
      return { is_it: true, model: put(user_id, name, model) }
    },
    delete: (user_id: string): void => {
      used.delete(user_id)
      for (const key of kept.keys()) if (key.startsWith(keyIn(user_id, ''))) kept.delete(key)
    },
  }
}
