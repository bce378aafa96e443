import { Command, CommanderError } from 'commander'
import { VERSION } from '../server/version.ts'
import type { ContextOptions } from './context.ts'
import { declareAccount } from './declare/account.ts'
import { declareAdministration } from './declare/administration.ts'
import { declareAgents } from './declare/agents.ts'
import { declareAsking } from './declare/asking.ts'
import { declareIntegrations } from './declare/integrations.ts'
import { declareCredentials } from './declare/credentials.ts'
import { declareEntering } from './declare/entering.ts'
import { declareKeeping } from './declare/keeping.ts'
import { example } from './declare/parts.ts'
import type { Perform } from './declare/parts.ts'
import { declareVoice } from './declare/voice.ts'
import { declareWorkflows } from './declare/workflows.ts'
import { EXIT } from './exit.ts'
import type { Io } from './io.ts'
import { toJson } from './print.ts'
import { toReport } from './report.ts'

const EXIT_CODES = `
Exit codes:
  0  done               3  not understood (ask)
  1  failed             4  not signed in
  2  wrong usage        5  the server cannot be reached

Example:
  paios ask "remind me in ten minutes to stretch"`

/**
 * Runs a command line and answers the exit code. Each command is loaded when it is needed, so that none waits for the
 * others.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const json = options.includes('--json')
  let exit: number = EXIT.done
  const perform: Perform = async (work) => {
    const { openContext } = await import('./context.ts')
    const answer = await work(openContext(io, program.opts<ContextOptions>()))
    if (json && answer.data !== undefined) io.stdout.write(`${toJson(answer.data)}\n`)
    else if (!json && answer.text !== '') io.stdout.write(`${answer.text}\n`)
    exit = answer.exit ?? EXIT.done
  }
  const program = declareAll(io, perform, async () => {
    const { runServer } = await import('./serve.ts')
    exit = await runServer(io)
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exit
  } catch (error) {
    return refuse(error, io, json)
  }
}

/** Every command there is. */
export function declareAll(
  io: Pick<Io, 'stdout' | 'stderr'>,
  perform: Perform,
  serve: () => Promise<void>,
): Command {
  const program = declareProgram(io)
  declareServing(program, serve)
  declareEntering(program, perform)
  declareAsking(program, perform)
  declareVoice(program, perform)
  declareAgents(program, perform)
  declareWorkflows(program, perform)
  declareAccount(program, perform)
  declareCredentials(program, perform)
  declareIntegrations(program, perform)
  declareAdministration(program, perform)
  declareKeeping(program, perform)
  return program
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

function declareProgram({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): Command {
  return new Command('paios')
    .description('Your own assistant: agents, reminders, lists and notes on your machine.')
    .version(VERSION)
    .option('--json', 'print one JSON object and nothing else')
    .option('--approve', 'have it approved where your passkey is, and wait for that')
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
