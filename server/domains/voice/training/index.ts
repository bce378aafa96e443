import type { Input } from '../../../../contract/operation.ts'
import { voice } from '../../../../contract/voice.ts'
import { writes } from '../../../kernel/answers.ts'
import type { Answers, Call } from '../../../kernel/answers.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Agents } from '../../agents/index.ts'
import type { Auth } from '../../auth/index.ts'
import type { Foreseen } from '../../changes/impact.ts'
import type { Changes } from '../../changes/index.ts'
import type { Language } from '../../language/index.ts'
import { EXAMPLES_MAX, MODEL, keyOf, stateOf, tooMany } from '../../language/learnt/kinds.ts'
import type { Example } from '../../language/learnt/kinds.ts'
import type { Lessons } from '../../language/learnt/lessons.ts'
import type { Speech } from '../../speech/index.ts'
import { modelKind } from './kind.ts'
import { openLine } from './line.ts'
import { measure } from './measure.ts'
import type { Gain } from './measure.ts'
import { openPhrases } from './phrases.ts'
import { checkSamples, distinct, refuseCommands, toSamples } from './samples.ts'
import type { HeardSamples, Sample, Transcribe } from './samples.ts'

interface Parts {
  auth: Pick<Auth, 'user' | 'onUserRemoved'>
  agents: Pick<Agents, 'known' | 'skills'>
  changes: Pick<Changes, 'register' | 'record' | 'assess' | 'assessed'>
  language: Pick<Language, 'learnt' | 'understand'>
  speech: Pick<Speech, 'learnPhrase'>
  server_zone: string
  /** Hears samples that are sounds; without it they are refused. */
  transcribe: Transcribe
}

/** Teaching, by samples and by corrections. Both are changes that can be rolled back. */
export interface Training {
  answers: Answers
  /**
   * Learns in the caller's transaction what a sentence should have meant; answers whether there was room for it. It
   * counts as soon as it is learnt, shortly after the transaction.
   */
  correct(tx: Tx, user_id: string, sample: Sample): Promise<boolean>
}

interface Prepared {
  examples: Example[]
  gain: Gain
  heard: HeardSamples
  foreseen: Foreseen
}

/**
 * Opens the teaching of sentences. It changes how the system behaves, as one `SystemModification` of the kind `model`
 * (decision 26). It is none of the sensitive operations of decision 11: it can do nothing that its user could not say
 * otherwise, and what has an effect still asks as it did, so that neither a proof nor a recent sign-in is needed.
 */
export function openTraining(kernel: Kernel, parts: Parts): Training {
  const { auth, agents, changes, language } = parts
  const { lessons, system, forget } = language.learnt
  const knowing = { agents, system }
  changes.register(
    MODEL,
    modelKind({
      lessons,
      record: changes.record,
      check: (user_id, examples) => checkSamples(knowing, user_id, examples),
    }),
  )
  auth.onUserRemoved((tx, user_id) => {
    tx.afterCommit(() => forget(user_id))
    return Promise.resolve()
  })
  const { teach, toExamples } = openTeaching(kernel, { lessons, changes })
  const line = openLine()
  const woken = openPhrases(kernel, parts)
  const prepare = openSentences(kernel, parts, { knowing, toExamples })
  return {
    answers: {
      [voice.train.name]: writes(voice.train, {
        prepare: (call, input) => {
          const { user_id, signal } = call
          const learning = line.run(user_id, signal, async () => {
            const { wake_phrase, samples } = input
            const prepared =
              wake_phrase === undefined
                ? await prepare(call, input)
                : await woken.prepare(call, wake_phrase, samples)
            signal?.throwIfAborted()
            return prepared
          })
          return learning.catch((error: unknown) => {
            throw signal?.aborted === true ? nobodyWaits(error) : error
          })
        },
        commit: async (tx, call, { samples }, prepared) => {
          if ('trial' in prepared) return woken.commit(tx, call, prepared)
          const { user_id } = call
          const { examples, gain, heard, foreseen } = prepared
          // An agent may have gone while it was learnt.
          await checkSamples(knowing, user_id, examples, tx)
          changes.assessed(tx, foreseen)
          const modification_id = await teach(tx, user_id, examples, describe(examples))
          const told = heard.length === 0 ? {} : { heard }
          return { ...gain, samples: samples.length, modification_id, ...told }
        },
      }),
    },
    correct: async (tx, user_id, sample) => {
      if ((await lessons.all(tx, user_id)).length >= EXAMPLES_MAX) return false
      const examples = toExamples([sample], 'correction')
      await teach(tx, user_id, examples, `Learnt from a correction: ${say(sample)}.`)
      tx.afterCommit(() => {
        void language.learnt.settled(user_id).catch((error: unknown) => {
          kernel.log.warn('a correction could not be learnt yet', { user_id, error })
        })
      })
      return true
    },
  }
}

/** Learns sentences before anything is written: what they mean counts for nobody until then. */
function openSentences(
  kernel: Kernel,
  { auth, changes, language, server_zone, transcribe }: Parts,
  {
    knowing,
    toExamples,
  }: {
    knowing: Parameters<typeof checkSamples>[0]
    toExamples: ReturnType<typeof openTeaching>['toExamples']
  },
): (call: Call, input: Input<typeof voice.train>) => Promise<Prepared> {
  const { lessons, tryOut, prepare: learn } = language.learnt
  return async (call, input) => {
    const { user_id, now, signal } = call
    const { said, heard } = await toSamples(call, input, transcribe)
    const samples = distinct(said, keyOf)
    await checkSamples(knowing, user_id, samples)
    const taught = await lessons.of(user_id)
    const count = taught.length + samples.length
    if (count > EXAMPLES_MAX) throw tooMany(count)
    const examples = toExamples(samples, 'sample')
    const time_zone = (await auth.user(user_id))?.preferences.timezone ?? server_zone
    const around = { now, time_zone, wake_words: [], active_agent: undefined, only_agent: undefined }
    await refuseCommands(kernel.clock, said, (text) => language.understand(user_id, { ...around, text }))
    const measuring = { user_id, taught, lesson: examples, heard: around, signal }
    const gain = await measure(kernel, { tryOut }, measuring)
    await learn(user_id, [...taught, ...examples], signal)
    const [first] = examples
    const change = { user_id, kind: MODEL, target: first?.lesson_id ?? '', before: undefined }
    return { examples, gain, heard, foreseen: await changes.assess({ ...change, after: stateOf(examples) }) }
  }
}

function nobodyWaits(cause: unknown): Fault {
  const text = 'Whoever wanted this to be learnt has gone; nothing was.'
  return new Fault('SERVICE_UNAVAILABLE', text, undefined, { cause })
}

/** Writes lessons, each as one change. */
function openTeaching(
  kernel: Pick<Kernel, 'id' | 'now'>,
  { lessons, changes }: { lessons: Lessons; changes: Pick<Changes, 'record'> },
) {
  return {
    /** Answers the id of the change. */
    teach: async (
      tx: Tx,
      user_id: string,
      examples: readonly Example[],
      description: string,
    ): Promise<string> => {
      const target = examples[0]?.lesson_id ?? ''
      await lessons.write(tx, user_id, target, examples)
      const change = { user_id, type: 'agent_config', kind: MODEL, target, description } as const
      const after = stateOf(examples)
      return changes.record(tx, { ...change, before: undefined, after, applied_by: user_id })
    },
    toExamples: (samples: readonly Sample[], source: Example['source']): Example[] => {
      const [lesson_id, created_at] = [kernel.id(), kernel.now()]
      return samples.map((sample) => ({ ...sample, id: kernel.id(), lesson_id, source, created_at }))
    },
  }
}

const SAID_MAX = 3
const DESCRIBED_MAX = 500

function describe(examples: readonly Example[]): string {
  const said = examples.slice(0, SAID_MAX).map(say)
  const more = examples.length > SAID_MAX ? `; and ${examples.length - SAID_MAX} more` : ''
  const count = examples.length === 1 ? 'a sentence' : `${examples.length} sentences`
  return `Learnt ${count}: ${said.join('; ')}${more}.`.slice(0, DESCRIBED_MAX)
}

function say({ text, agent_number, action }: Sample): string {
  const short = text.length > 100 ? `${text.slice(0, 99).replace(/[\uD800-\uDBFF]$/u, '')}…` : text
  return `“${short}” is for agent ${agent_number}: ${action.replaceAll('_', ' ')}`
}
