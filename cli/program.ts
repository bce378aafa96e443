import { Command, CommanderError } from 'commander'
import { VERSION } from '../server/version.ts'
import type { AskOptions } from './ask.ts'
import type { Context, ContextOptions } from './context.ts'
import type { CredentialOptions } from './credentials.ts'
import { EXIT } from './exit.ts'
import type { Answer } from './exit.ts'
import type { Io } from './io.ts'
import { toJson } from './print.ts'
import { toReport } from './report.ts'
import type { SetupOptions } from './setup.ts'

const EXIT_CODES = `
Exit codes:
  0  done               3  not understood (ask)
  1  failed             4  not signed in
  2  wrong usage        5  the server cannot be reached

Example:
  paios ask "remind me in ten minutes to stretch"`

/** Does a command, prints what it has to say, and remembers how it ended. */
type Perform = (run: (context: Context) => Promise<Answer>) => Promise<void>

/**
 * Runs a command line and answers the exit code. Each command is loaded when it is needed, so that none waits for the
 * others.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const json = options.includes('--json')
  let exit: number = EXIT.done
  const program = declareProgram(io)
  const perform: Perform = async (work) => {
    const { openContext } = await import('./context.ts')
    const answer = await work(openContext(io, program.opts<ContextOptions>()))
    if (json) io.stdout.write(`${toJson(answer.data)}\n`)
    else if (answer.text !== '') io.stdout.write(`${answer.text}\n`)
    exit = answer.exit ?? EXIT.done
  }
  declareServing(program, async () => {
    const { runServer } = await import('./serve.ts')
    exit = await runServer(io)
  })
  declareEntering(program, perform)
  declareAsking(program, perform)
  declareAdministration(program, perform)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exit
  } catch (error) {
    return refuse(error, io, json)
  }
}

function refuse(error: unknown, io: Io, json: boolean): number {
  if (error instanceof CommanderError && isHelp(error)) {
    return error.exitCode === 0 ? EXIT.done : EXIT.usage
  }
  const { exit, line, error: told } = error instanceof CommanderError ? toUsage(error) : toReport(error)
  if (json) io.stdout.write(`${toJson({ success: false, error: told })}\n`)
  else io.stderr.write(`paios: ${line}\n`)
  return exit
}

function isHelp({ code }: CommanderError): boolean {
  return code === 'commander.help' || code === 'commander.helpDisplayed' || code === 'commander.version'
}

function toUsage({ message }: CommanderError): ReturnType<typeof toReport> {
  const { line } = toReport(new Error(`${message.replace(/^error: /, '')}. See: paios --help`))
  return { exit: EXIT.usage, line, error: { message: line } }
}

function declareProgram({ stdout, stderr }: Io): Command {
  return new Command('paios')
    .description('Your own assistant: agents, reminders, lists and notes on your machine.')
    .version(VERSION)
    .option('--json', 'print one JSON object and nothing else')
    .option('--url <url>', 'address of the server (default: PAIOS_URL, else http://localhost:3001)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => {},
    })
    .exitOverride()
    .addHelpText('after', EXIT_CODES)
}

function declareServing(program: Command, serve: () => Promise<void>): void {
  program
    .command('serve')
    .description('run the server until it is told to stop (same as npm start)')
    .addHelpText('after', example('PAIOS_PORT=3002 paios serve'))
    .action(serve)
}

function declareEntering(program: Command, perform: Perform): void {
  withCredentials(program.command('setup'))
    .description('claim a new server: the first user is its owner')
    .option('--code <code>', 'the code that the server printed; on its machine it is found without')
    .option('--new-code', 'on the machine of the server: make another code')
    .addHelpText('after', example('paios setup --email ann@example.org'))
    .action((options: SetupOptions) =>
      perform(async (context) => (await import('./setup.ts')).setup(context, options)),
    )
  withCredentials(program.command('login'))
    .description('sign in')
    .addHelpText('after', example('paios login --email ann@example.org'))
    .action((options: CredentialOptions) =>
      perform(async (context) => (await import('./login.ts')).login(context, options)),
    )
  program
    .command('logout')
    .description('sign out on this machine')
    .addHelpText('after', example('paios logout'))
    .action(() => perform(async (context) => (await import('./logout.ts')).logout(context)))
}

function declareAsking(program: Command, perform: Perform): void {
  program
    .command('ask')
    .description('say what to do, in a sentence')
    .argument('[sentence...]', 'the sentence; - reads it from standard input')
    .option('--language <tag>', 'language of the sentence (default: the one of your preferences)')
    .option('--conversation <name>', 'what a follow-up belongs to (default: this terminal)')
    .addHelpText('after', example('paios ask "what did I say about the boiler"'))
    .action((words: string[], options: AskOptions) =>
      perform(async (context) => (await import('./ask.ts')).ask(context, words, options)),
    )
  const agents = program
    .command('agents')
    .description('list your agents')
    .addHelpText('after', example('paios agents show 3'))
    .action(() => perform(async (context) => (await import('./agents.ts')).listAgents(context)))
  agents
    .command('show')
    .description('one agent, with what it can do')
    .argument('<number>', 'number or id of the agent')
    .addHelpText('after', example('paios agents show 3'))
    .action((id: string) => perform(async (context) => (await import('./agents.ts')).showAgent(context, id)))
  program
    .command('notifications')
    .description('what you were told lately, newest first')
    .option('--limit <count>', 'how many, 1 to 500', '20')
    .addHelpText('after', example('paios notifications --limit 5'))
    .action((options: { limit?: string }) =>
      perform(async (context) => (await import('./notifications.ts')).notifications(context, options)),
    )
  program
    .command('status')
    .description('how the server is')
    .addHelpText('after', example('paios status --json'))
    .action(() => perform(async (context) => (await import('./status.ts')).status(context)))
}

function declareAdministration(program: Command, perform: Perform): void {
  const key = program.command('key').description('keys of the server, on its machine')
  key
    .command('rotate-signing')
    .description('make another key for signing access tokens')
    .addHelpText('after', example('paios key rotate-signing'))
    .action(() => perform(async (context) => (await import('./key.ts')).rotateSigning(context)))
  const user = program.command('user').description('users of the server, on its machine')
  user
    .command('add')
    .description('add a user')
    .argument('<email>', 'e-mail address of the user')
    .option('--password-stdin', 'read the first password from standard input')
    .addHelpText('after', example('paios user add bob@example.org'))
    .action((email: string, options: CredentialOptions) =>
      perform(async (context) => (await import('./user.ts')).addUser(context, email, options)),
    )
}

function withCredentials(command: Command): Command {
  return command
    .option('--email <address>', 'your e-mail address; asked for when absent')
    .option('--password-stdin', 'read the password from standard input; asked for otherwise')
}

function example(line: string): string {
  return `\nExample:\n  ${line}`
}
