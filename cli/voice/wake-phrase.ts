import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { oneLine } from '../print.ts'
import { short } from '../short.ts'
import { plainly } from './plainly.ts'
import { readSound } from './sound.ts'

/** What the server learns a phrase from. */
const RECORDINGS = { least: 3, most: 5 }

/** Teaches a phrase of one's own that wakes, from recordings of it. */
export async function teachPhrase(
  context: Context,
  phrase: string,
  paths: readonly string[],
): Promise<Answer> {
  if (paths.length < RECORDINGS.least || paths.length > RECORDINGS.most)
    throw new Stop(
      EXIT.usage,
      `A phrase is learnt from ${RECORDINGS.least} to ${RECORDINGS.most} recordings, each in a file of its own.`,
    )
  if (paths.includes('-'))
    throw new Stop(EXIT.usage, 'Give files: several recordings do not fit in one pipe.')
  const samples: { audio_data: string }[] = []
  for (const path of paths) samples.push({ audio_data: (await readSound(context, path)).toString('base64') })
  await requireSignedIn(context)
  const asked = context.client.ask('voice.train', { wake_phrase: phrase, samples })
  const taught = await plainly(asked, { '/wake_phrase': { name: 'The phrase' } })
  const { wake_phrase: trial, modification_id } = taught
  const lines = [
    `Learnt: ${oneLine(trial?.phrase ?? phrase)} wakes, with your voice and beside the wake words.`,
    ...(trial === undefined
      ? []
      : [
          `Tried on what it has not learnt: heard ${trial.hits} of ${trial.tried} times; other speech of ${trial.other_seconds} s woke it ${trial.false_alarms === 1 ? 'once' : `${trial.false_alarms} times`}.`,
        ]),
    `Take it back with: paios undo ${short(modification_id)}`,
  ]
  return { data: taught, text: lines.join('\n') }
}
