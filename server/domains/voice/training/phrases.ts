import { toForm } from '../../../kernel/unicode.ts'
import type { Issue } from '../../../../contract/errors.ts'
import type { Input, Output } from '../../../../contract/operation.ts'
import type { voice } from '../../../../contract/voice.ts'
import type { Call } from '../../../kernel/answers.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Reader, Tx } from '../../../kernel/store/store.ts'
import type { Foreseen } from '../../changes/impact.ts'
import type { Changes } from '../../changes/index.ts'
import type { State } from '../../changes/kinds.ts'
import { MODEL } from '../../language/learnt/kinds.ts'
import type { Speech } from '../../speech/index.ts'
import { SpeechError } from '../../speech/kinds.ts'
import { RECORDINGS_MAX, RECORDINGS_MIN } from '../../speech/wake/kinds.ts'
import type { LearntPhrase, WakeModel } from '../../speech/wake/kinds.ts'
import { bytesOf, toFault } from '../hearing.ts'
import { voiceStore } from '../store.ts'
import type { VoiceTables } from '../store.ts'

/** Phrases of one user: each costs time for as long as somebody waits for a wake word. */
export const PHRASES_MAX = 3

/** A wake phrase as a change keeps it. */
interface PhraseState {
  wake_phrase: string
  recordings: number
  model: WakeModel
}

/** Whether a state is that of a wake phrase, and not of sentences. */
export function isPhrase(state: State | undefined): boolean {
  return state !== undefined && 'wake_phrase' in state
}

type Db = Pick<Reader, 'tables'>

/** The wake phrases that users have recorded. */
export const phrases = {
  all: async (db: Db, user_id: string): Promise<[id: string, state: State & PhraseState][]> => {
    const rows = await voiceStore.wakePhrases(db.tables<VoiceTables>(), user_id)
    return rows.map(({ id, state }) => [id, JSON.parse(state) as State & PhraseState])
  },

  read: async (db: Db, user_id: string, id: string): Promise<(State & PhraseState) | undefined> =>
    (await phrases.all(db, user_id)).find(([one]) => one === id)?.[1],

  /** Makes a phrase be in this state, or not be there. @throws Fault `VALIDATION_ERROR` when there are too many. */
  write: async (tx: Tx, user_id: string, id: string, state: State | undefined): Promise<void> => {
    const db = tx.tables<VoiceTables>()
    await voiceStore.removeWakePhrase(db, user_id, id)
    if (state === undefined) return
    checkRoom((await phrases.all(tx, user_id)).length)
    await voiceStore.addWakePhrase(db, { id, user_id, state: JSON.stringify(state) })
  },
}

/** What listens for the phrases of a user. */
export async function phraseModels(db: Db, user_id: string): Promise<WakeModel[]> {
  return (await phrases.all(db, user_id)).map(([, { model }]) => model)
}

export interface PreparedPhrase extends LearntPhrase {
  id: string
  state: State
  foreseen: Foreseen
}

interface Parts {
  speech: Pick<Speech, 'learnPhrase'>
  changes: Pick<Changes, 'record' | 'assess' | 'assessed'>
}
type Samples = Input<typeof voice.train>['samples']

/** Learns wake phrases from recordings, each as one change. */
export function openPhrases({ id, store }: Pick<Kernel, 'id' | 'store'>, { speech, changes }: Parts) {
  return {
    /** Learns it, before anything is written. @throws Fault for recordings from which nothing can be learnt. */
    prepare: async ({ user_id, signal }: Call, said: string, samples: Samples): Promise<PreparedPhrase> => {
      const phrase = checkPhrase(said)
      const recordings = toRecordings(samples)
      const known = await phrases.all(store.reader, user_id)
      const [target, before] = known.find(([, one]) => isNamed(one, phrase)) ?? []
      if (target === undefined) checkRoom(known.length)
      const options = { user_id, word: phrase, recordings, before: before?.model }
      const learnt = await learning(speech.learnPhrase({ ...options, signal: signal ?? NEVER }))
      const state = { wake_phrase: phrase, recordings: recordings.length, model: learnt.model }
      const change = { user_id, kind: MODEL, target: target ?? id(), before, after: state }
      return { ...learnt, id: change.target, state, foreseen: await changes.assess(change) }
    },
    commit: async (
      tx: Tx,
      { user_id }: Call,
      { id: target, state, foreseen, trial, model }: PreparedPhrase,
    ): Promise<Output<typeof voice.train>> => {
      // The same phrase may have been recorded elsewhere meanwhile, or taken back.
      const others = (await phrases.all(tx, user_id)).filter(([one]) => one !== target)
      if (others.some(([, one]) => isNamed(one, model.word)))
        throw new Fault('VALIDATION_ERROR', `“${model.word}” was recorded just now.`, undefined, {
          status: 409,
        })
      const before = await phrases.read(tx, user_id, target)
      await phrases.write(tx, user_id, target, state)
      changes.assessed(tx, foreseen)
      const count = state['recordings'] as number
      const description = `Learnt the wake phrase “${model.word}” from ${count} recordings.`
      const change = { user_id, type: 'agent_config', kind: MODEL, target, description } as const
      const modification_id = await changes.record(tx, {
        ...change,
        before,
        after: state,
        applied_by: user_id,
      })
      const { hits, hits_before, tried, ...others_woke } = trial
      return {
        accuracy_before: share(hits_before, tried),
        accuracy_after: share(hits, tried),
        samples: count,
        modification_id,
        wake_phrase: { phrase: model.word, tried, hits, ...others_woke },
      }
    },
  }
}

const NEVER = new AbortController().signal

function isNamed({ wake_phrase }: Pick<PhraseState, 'wake_phrase'>, phrase: string): boolean {
  return wake_phrase.toLowerCase() === phrase.toLowerCase()
}

/** What a phrase is called, without needless spaces. @throws Fault `VALIDATION_ERROR` */
function checkPhrase(said: string): string {
  const phrase = toForm(said, 'NFC').trim().replaceAll(/\s+/gu, ' ')
  if (/\p{L}/u.test(phrase) && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(phrase)) return phrase
  throw refused([{ path: '/wake_phrase', message: 'must have a word in it' }])
}

/** @throws Fault `VALIDATION_ERROR` for what is no recording of a phrase. */
function toRecordings(samples: Samples): Uint8Array[] {
  const issues: Issue[] = []
  const bytes: Uint8Array[] = []
  if (samples.length < RECORDINGS_MIN || samples.length > RECORDINGS_MAX)
    issues.push({
      path: '/samples',
      message: `must be ${RECORDINGS_MIN} to ${RECORDINGS_MAX} recordings of the phrase`,
    })
  for (const [place, { audio_data, ...more }] of samples.entries()) {
    const at = `/samples/${place}`
    for (const name of Object.keys(more))
      issues.push({ path: `${at}/${name}`, message: 'has nothing to do with a wake phrase' })
    if (audio_data === undefined) issues.push({ path: `${at}/audio_data`, message: 'is required' })
    else if (issues.length === 0) bytes.push(bytesOf(audio_data, `${at}/audio_data`))
  }
  if (issues.length > 0) throw refused(issues)
  return bytes
}

/** What is wrong with the sound is wrong with what was sent. */
async function learning(learnt: Promise<LearntPhrase>): Promise<LearntPhrase> {
  try {
    return await learnt
  } catch (error) {
    if (!(error instanceof SpeechError) || error.reason !== 'audio') throw toFault(error)
    const issues = [{ path: '/samples', message: error.message }]
    throw new Fault('VALIDATION_ERROR', error.message, { issues }, { cause: error })
  }
}

function checkRoom(count: number): void {
  if (count < PHRASES_MAX) return
  throw new Fault('VALIDATION_ERROR', `I listen for ${PHRASES_MAX} recorded phrases: roll one back first.`, {
    issues: [{ path: '/wake_phrase', message: `would be one more than ${PHRASES_MAX}` }],
  })
}

function refused(issues: Issue[]): Fault {
  const [first] = issues
  return new Fault('VALIDATION_ERROR', `${first?.path} ${first?.message}.`, { issues })
}

/** To three decimals. */
function share(part: number, of: number): number {
  return Math.round((part / of) * 1000) / 1000
}
