import type { Command } from 'commander'
import type { AskOptions } from '../ask.ts'
import type { NotificationOptions } from '../notifications.ts'
import { example } from './parts.ts'
import type { Perform } from './parts.ts'

export function declareAsking(program: Command, perform: Perform): void {
  program
    .command('ask')
    .description('say what to do, in a sentence')
    .argument('[sentence...]', 'the sentence; - reads it from standard input')
    .option('--language <tag>', 'language of the sentence (default: the one of your preferences)')
    .option('--conversation <name>', 'what a follow-up belongs to (default: this terminal)')
    .option('--yes', 'prove with the passkey of this machine what needs a proof, without asking')
    .addHelpText('after', example('paios ask "what did I say about the boiler"'))
    .action((words: string[], options: AskOptions) =>
      perform(async (context) => (await import('../ask.ts')).ask(context, words, options)),
    )
  program
    .command('notifications')
    .description('what you were told lately, newest first')
    .option('--limit <count>', 'how many, 1 to 500', '20')
    .option('--unread', 'only what is not marked as read')
    .option('--read', 'mark everything up to the newest of these as read')
    .addHelpText('after', example('paios notifications --unread --read'))
    .action((options: NotificationOptions) =>
      perform(async (context) => (await import('../notifications.ts')).notifications(context, options)),
    )
  declareCalendar(program, perform)
  program
    .command('status')
    .description('how the server is')
    .addHelpText('after', example('paios status --json'))
    .action(() => perform(async (context) => (await import('../status.ts')).status(context)))
  program
    .command('architecture')
    .description('how agents, workflows and services are connected, as a diagram (Mermaid)')
    .option('--at <time>', 'as it was configured then, or after this change')
    .addHelpText('after', example('paios architecture > picture.mmd'))
    .action((options: { at?: string }) =>
      perform(async (context) => (await import('../architecture.ts')).showArchitecture(context, options)),
    )
  program
    .command('watch')
    .description('what happens, a line each, until you interrupt it')
    .addHelpText('after', example('paios watch --json'))
    .action(() => perform(async (context) => (await import('../watch.ts')).watch(context)))
}

function declareCalendar(program: Command, perform: Perform): void {
  const calendar = program
    .command('calendar')
    .description('bring a calendar file (iCalendar, .ics) in, or take one out')
    .addHelpText('after', example('paios calendar import holidays.ics'))
  calendar
    .command('import')
    .description('put the events of a file into your calendar; the same file again doubles nothing')
    .argument('<file>', 'the file; - reads it from standard input')
    .addHelpText('after', example('paios calendar import holidays.ics'))
    .action((path: string) =>
      perform(async (context) => (await import('../calendar.ts')).importCalendar(context, path)),
    )
  calendar
    .command('export')
    .description('your events and reminders as a calendar file')
    .option('--to <file>', 'file to write (default: standard output)')
    .addHelpText('after', example('paios calendar export --to mine.ics'))
    .action((options: { to?: string }) =>
      perform(async (context) => (await import('../calendar.ts')).exportCalendar(context, options)),
    )
}
