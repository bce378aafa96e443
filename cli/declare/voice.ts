import type { Command } from 'commander'
import type { AskOptions } from '../ask.ts'
import type { ForgetOptions } from '../voice/history.ts'
import type { InstallOptions } from '../voice/install.ts'
import { SETTING_KEYS } from '../voice/keys.ts'
import type { SayOptions } from '../voice/say.ts'
import type { OutOptions } from '../voice/sound.ts'
import type { TrainOptions } from '../voice/train.ts'
import { example } from './parts.ts'
import type { Perform } from './parts.ts'

const historyFile = () => import('../voice/history.ts')
const sayFile = () => import('../voice/say.ts')
const SENTENCE = 'id of the sentence'

/** Hearing and speaking, and what is remembered of it. */
export function declareVoice(program: Command, perform: Perform): void {
  const voice = program
    .command('voice')
    .description('what hears and speaks here, what is missing, and the settings')
    .addHelpText('after', example('paios voice install'))
    .action(() => perform(async (context) => (await import('../voice/status.ts')).showVoice(context)))
  voice
    .command('install')
    .description('install the recogniser on this machine with apt-get, after asking')
    .option('--languages', 'also voices for languages other than English (espeak-ng)')
    .option('--yes', 'do not ask once more')
    .addHelpText('after', example('paios voice install --languages'))
    .action((options: InstallOptions) =>
      perform(async (context) => (await import('../voice/install.ts')).installSpeech(context, options)),
    )
  declareSpeaking(voice, perform)
  declareHistory(voice, perform)
  voice
    .command('set')
    .description('change a setting')
    .argument('<key>', Object.keys(SETTING_KEYS).join(', '))
    .argument('<value>', 'a text, a number, on or off, or words with commas between them')
    .addHelpText('after', example('paios voice set wake-words "paios, computer"'))
    .action((key: string, value: string) =>
      perform(async (context) => (await import('../voice/settings.ts')).setVoice(context, key, value)),
    )
  voice
    .command('train')
    .description('teach what a sentence means; it can be undone')
    .argument('<sentence...>', 'the sentence')
    .requiredOption('--agent <number>', 'number of the agent that it is for')
    .requiredOption('--action <name>', 'what that is to do')
    .option('--language <tag>', 'language of the sentence')
    .addHelpText(
      'after',
      example('paios voice train "jot down call the dentist" --agent 2 --action remember'),
    )
    .action((words: string[], options: TrainOptions) =>
      perform(async (context) => (await import('../voice/train.ts')).teachSentence(context, words, options)),
    )
  voice
    .command('wake-phrase')
    .description('teach a phrase that wakes, from recordings of it in your voice; it can be undone')
    .argument('<phrase>', 'what it is called')
    .argument('<file...>', '3 to 5 recordings, each of the phrase alone')
    .addHelpText('after', example('paios voice wake-phrase "hello house" one.wav two.wav three.wav'))
    .action((phrase: string, files: string[]) =>
      perform(async (context) =>
        (await import('../voice/wake-phrase.ts')).teachPhrase(context, phrase, files),
      ),
    )
}

function withOut(command: Command): Command {
  return command
    .option('--out <file>', 'file to write; - is standard output, as without it')
    .option('--force', 'write over a file that is there')
}

function declareSpeaking(voice: Command, perform: Perform): void {
  withOut(voice.command('say'))
    .description('have a text spoken, as a WAV file')
    .argument('<text...>', 'the text; - reads it from standard input')
    .option('--language <tag>', 'language of the text (default: the one of the settings)')
    .option('--voice <id>', 'one of: paios voice voices')
    .option('--rate <factor>', '0.5 to 2, 1 is normal')
    .option('--pitch <factor>', '0.5 to 2, 1 is normal')
    .option('--volume <share>', '0 to 1')
    .addHelpText('after', example('paios voice say "Dinner is ready" --out dinner.wav'))
    .action((words: string[], options: SayOptions) =>
      perform(async (context) => (await sayFile()).sayText(context, words, options)),
    )
  voice
    .command('voices')
    .description('voices that there are')
    .option('--language <tag>', 'only those that speak it')
    .addHelpText('after', example('paios voice voices --language de'))
    .action((options: { language?: string }) =>
      perform(async (context) => (await sayFile()).listVoices(context, options)),
    )
  voice
    .command('hear')
    .description('have a recording heard, and do what was said in it')
    .argument('<file>', 'WAV, WebM, Ogg, MP3 or FLAC, at most 10 MB and 30 seconds; - is standard input')
    .option('--language <tag>', 'language that is spoken (default: the one of your preferences)')
    .option('--conversation <name>', 'what a follow-up belongs to (default: this terminal)')
    .option('--yes', 'prove with the passkey of this machine what needs a proof, without asking')
    .addHelpText('after', example('paios voice hear note.wav'))
    .action((file: string, options: AskOptions) =>
      perform(async (context) => (await import('../voice/hear.ts')).hearFile(context, file, options)),
    )
}

function declareHistory(voice: Command, perform: Perform): void {
  voice
    .command('history')
    .description('what you said, typed or spoken, newest first')
    .option('--limit <count>', 'how many, 1 to 500', '20')
    .addHelpText('after', example('paios voice history --limit 50'))
    .action((options: { limit?: string }) =>
      perform(async (context) => (await historyFile()).listSentences(context, options)),
    )
  withOut(voice.command('recording'))
    .description('the sound of a sentence, if it was kept')
    .argument('<sentence>', SENTENCE)
    .addHelpText('after', example('paios voice recording 3f9c2a71 --out said.wav'))
    .action((id: string, options: OutOptions) =>
      perform(async (context) => (await historyFile()).getRecording(context, id, options)),
    )
  voice
    .command('forget')
    .description('forget a sentence and its sound, or all of them, for good')
    .argument('[sentence]', SENTENCE)
    .option('--all', 'everything that you said')
    .option('--yes', 'do not ask once more')
    .addHelpText('after', example('paios voice forget 3f9c2a71'))
    .action((id: string | undefined, options: ForgetOptions) =>
      perform(async (context) => (await historyFile()).forgetSentences(context, id, options)),
    )
}
