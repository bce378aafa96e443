import { ApiFault } from '../../sdk/fault.ts'
import { conversationOf, follow } from '../ask.ts'
import type { AskOptions } from '../ask.ts'
import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { oneLine } from '../print.ts'
import { plainly } from './plainly.ts'
import { readSound } from './sound.ts'

/** Has a recording heard and does what was said in it; then goes on as `paios ask` does. */
export async function hearFile(context: Context, path: string, options: AskOptions): Promise<Answer> {
  const sound = await readSound(context, path)
  await requireSignedIn(context)
  const said = await processed(context, sound, options)
  if (!context.json) {
    const sure = Math.round(said.confidence_score * 100)
    context.io.stdout.write(`Heard (${sure} %): ${oneLine(said.transcribed_text)}\n`)
  }
  return follow(context, said, options)
}

async function processed(context: Context, sound: Buffer, options: AskOptions) {
  const { language } = options
  try {
    const asked = context.client.ask('voice.process', {
      audio_data: sound.toString('base64'),
      ...(language === undefined ? {} : { language }),
      ...conversationOf(context, options),
    })
    return await plainly(asked, {
      '/audio_data': { name: 'The recording' },
      '/language': { name: '--language' },
    })
  } catch (error) {
    if (!(error instanceof ApiFault) || error.details?.['reason'] !== 'no_stt_engine') throw error
    // An engine may also be here and not understand the language, which no package changes.
    const then = error.message.includes('apt-get')
      ? 'On the machine of the server: paios voice install'
      : 'What can be heard is told by: paios voice'
    throw new Stop(EXIT.failed, `${error.message} ${then}`, { cause: error })
  }
}
