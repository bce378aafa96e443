import type { Command } from 'commander'
import type { LoginOptions } from '../login.ts'
import type { SetupOptions } from '../setup.ts'
import { example, withCredentials } from './parts.ts'
import type { Perform } from './parts.ts'

export function declareEntering(program: Command, perform: Perform): void {
  withCredentials(program.command('setup'))
    .description('claim a new server: the first user is its owner')
    .option('--code <code>', 'the code that the server printed; on its machine it is found without')
    .option('--new-code', 'on the machine of the server: make another code')
    .addHelpText('after', example('paios setup --email ann@example.org'))
    .action((options: SetupOptions) =>
      perform(async (context) => (await import('../setup.ts')).setup(context, options)),
    )
  withCredentials(program.command('login'))
    .description('sign in: with a password, a passkey of this machine, or a backup code')
    .option('--passkey', 'with the passkey that this machine made: paios passkey add')
    .option(
      '--code [code]',
      'with a backup code; without it here, it is asked for or read from standard input',
    )
    .addHelpText('after', example('paios login --email ann@example.org'))
    .action((options: LoginOptions) =>
      perform(async (context) => (await import('../login.ts')).login(context, options)),
    )
  program
    .command('logout')
    .description('sign out on this machine')
    .addHelpText('after', example('paios logout'))
    .action(() => perform(async (context) => (await import('../logout.ts')).logout(context)))
}
