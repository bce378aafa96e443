import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { oneLine, strokedLine } from '../print.ts'
import { short } from '../short.ts'
import { plainly } from './plainly.ts'

export interface TrainOptions {
  agent: string
  action: string
  language?: string
}

const CALLED = {
  '/samples/0/text': { name: 'The sentence' },
  '/samples/0/agent_number': { name: '--agent', see: 'Yours are: paios agents' },
  '/samples/0/action': { name: '--action' },
  '/language': { name: '--language' },
}

/** Teaches what a sentence means. */
export async function teachSentence(
  context: Context,
  words: readonly string[],
  { agent, action, language }: TrainOptions,
): Promise<Answer> {
  const text = words.join(' ').trim()
  if (text === '') throw new Stop(EXIT.usage, 'Say the sentence that is to be learnt.')
  if (!/^[1-9]\d{0,3}$/.test(agent))
    throw new Stop(EXIT.usage, `${JSON.stringify(agent)} is not the number of an agent.`)
  await requireSignedIn(context)
  const asked = context.client.ask('voice.train', {
    samples: [{ text, agent_number: Number(agent), action }],
    ...(language === undefined ? {} : { language }),
  })
  const taught = await plainly(asked, CALLED)
  const lines = [
    `Learnt: ${strokedLine(text)} is for agent ${agent}, ${oneLine(action)}.`,
    // A single sentence is known by heart from now on; only what was before tells something.
    ...(taught.accuracy_before === 1 ? ['It was understood so before.'] : []),
    `Take it back with: paios undo ${short(taught.modification_id)}`,
  ]
  return { data: taught, text: lines.join('\n') }
}
