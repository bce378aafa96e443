import { Argument, Option } from 'commander'
import type { Command } from 'commander'
import type { CredentialOptions } from '../credentials.ts'
import type { AddOptions } from '../users.ts'
import { example } from './parts.ts'
import type { Perform } from './parts.ts'

const userFile = () => import('../users.ts')
const auditFile = () => import('../audit.ts')
const TIERS: readonly NonNullable<AddOptions['tier']>[] = ['free', 'pro', 'enterprise']

export function declareAdministration(program: Command, perform: Perform): void {
  const key = program.command('key').description('keys of the server, on its machine')
  key
    .command('rotate-signing')
    .description('make another key for signing access tokens')
    .addHelpText('after', example('paios key rotate-signing'))
    .action(() => perform(async (context) => (await import('../key.ts')).rotateSigning(context)))
  const user = program.command('user').description('users, on the machine of the server')
  user
    .command('add')
    .description('add a user')
    .argument('<email>', 'e-mail address of the user')
    .option('--password-stdin', 'read the first password from standard input')
    .addHelpText('after', example('paios user add bob@example.org'))
    .action((email: string, options: CredentialOptions) =>
      perform(async (context) => (await import('../user.ts')).addUser(context, email, options)),
    )
  user
    .command('recover')
    .description('a code for a user who lost every passkey and backup code; ends their sessions')
    .argument('<email>', 'e-mail address of the user')
    .addHelpText('after', example('paios user recover bob@example.org'))
    .action((email: string) =>
      perform(async (context) => (await import('../user.ts')).recoverUser(context, email)),
    )
  declareUsers(program, perform)
  declareAudit(program, perform)
}

function declareAudit(program: Command, perform: Perform): void {
  const audit = program.command('audit').description('the record of every call, on the machine of the server')
  audit
    .command('verify')
    .description('whether any line was changed, left out or cut off')
    .addHelpText('after', example('paios audit verify'))
    .action(() => perform(async (context) => (await auditFile()).verifyAudit(context)))
  audit
    .command('tail')
    .description('the newest lines')
    .option('--limit <count>', 'how many, 1 to 500', '20')
    .addHelpText('after', example('paios audit tail --limit 5'))
    .action((options: { limit?: string }) =>
      perform(async (context) => (await auditFile()).tailAudit(context, options)),
    )
  audit
    .command('export')
    .description('all lines, a JSON object each')
    .option('--after <number>', 'only lines after this one')
    .addHelpText('after', example('paios audit export > audit.jsonl'))
    .action((options: { after?: string }) =>
      perform(async (context) => (await auditFile()).exportAudit(context, options)),
    )
}

function declareUsers(program: Command, perform: Perform): void {
  const users = program
    .command('users')
    .description('users of the server, for its owner from anywhere')
    .addHelpText('after', example('paios users tier bob@example.org pro'))
    .action(() => perform(async (context) => (await userFile()).listUsers(context)))
  users
    .command('list')
    .description('the users, oldest first')
    .addHelpText('after', example('paios users list'))
    .action(() => perform(async (context) => (await userFile()).listUsers(context)))
  users
    .command('add')
    .description('add a user with a first password')
    .argument('<email>', 'e-mail address of the user')
    .addOption(new Option('--tier <tier>', 'how much they may do').choices(TIERS).default('free'))
    .option('--password-stdin', 'read the first password from standard input')
    .addHelpText('after', example('paios users add bob@example.org --tier pro'))
    .action((email: string, options: AddOptions) =>
      perform(async (context) => (await userFile()).createUser(context, email, options)),
    )
  users
    .command('tier')
    .description('change how much a user may do')
    .argument('<user>', 'id or e-mail address')
    .addArgument(new Argument('<tier>', 'the new tier').choices(TIERS))
    .addHelpText('after', example('paios users tier bob@example.org pro'))
    .action((who: string, tier: NonNullable<AddOptions['tier']>) =>
      perform(async (context) => (await userFile()).setTier(context, who, tier)),
    )
  users
    .command('remove')
    .description('remove a user with everything of theirs, for good')
    .argument('<user>', 'id or e-mail address')
    .option('--yes', 'do not ask once more')
    .addHelpText('after', example('paios users remove bob@example.org'))
    .action((who: string, options: { yes?: boolean }) =>
      perform(async (context) => (await userFile()).removeUser(context, who, options)),
    )
}
