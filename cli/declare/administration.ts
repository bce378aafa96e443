import { Argument, Option } from 'commander'
import type { Command } from 'commander'
import type { CredentialOptions } from '../credentials.ts'
import type { PassphraseOptions } from '../passphrase.ts'
import type { AddOptions } from '../users.ts'
import { example, withPassphrase } from './parts.ts'
import type { Perform } from './parts.ts'

const userFile = () => import('../users.ts')
const keyFile = () => import('../key.ts')
const auditFile = () => import('../audit.ts')
const TIERS: readonly NonNullable<AddOptions['tier']>[] = ['free', 'pro', 'enterprise']

export function declareAdministration(program: Command, perform: Perform): void {
  declareKey(program, perform)
  const user = program
    .command('user')
    .description('users, on the machine of the server')
    .addHelpText('after', example('paios user add bob@example.org'))
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

function declareKey(program: Command, perform: Perform): void {
  const key = program
    .command('key')
    .description('the root key of the server, on its machine')
    .addHelpText('after', example('paios key'))
    .action(() => perform(async (context) => (await keyFile()).showKey(context)))
  const one = (name: string, description: string) =>
    key
      .command(name)
      .description(description)
      .addHelpText('after', example(`paios key ${name}`))
  const sealed = (name: string, description: string) =>
    one(name, description).option('--passphrase-stdin', 'read passphrases from lines of standard input')
  one('show', 'in what it is kept').action(() =>
    perform(async (context) => (await keyFile()).showKey(context)),
  )
  sealed('passphrase', 'seal it by a passphrase, or by another one').action((options: PassphraseOptions) =>
    perform(async (context) => (await keyFile()).keepKey(context, 'passphrase', options)),
  )
  sealed('file', 'keep it in a file that nothing seals').action((options: PassphraseOptions) =>
    perform(async (context) => (await keyFile()).keepKey(context, 'file', options)),
  )
  sealed('keychain', 'keep it in the keychain of this system').action((options: PassphraseOptions) =>
    perform(async (context) => (await keyFile()).keepKey(context, 'keychain', options)),
  )
  sealed('rotate', 'make another one; the server must be stopped').action((options: PassphraseOptions) =>
    perform(async (context) => (await keyFile()).rotateKey(context, options)),
  )
  sealed('unseal', 'give a sealed server its passphrase').action((options: PassphraseOptions) =>
    perform(async (context) => (await keyFile()).unsealServer(context, options)),
  )
  one('seal', 'have the server forget its keys until it is given the passphrase').action(() =>
    perform(async (context) => (await keyFile()).sealServer(context)),
  )
  one('rotate-signing', 'make another key for signing access tokens').action(() =>
    perform(async (context) => (await keyFile()).rotateSigning(context)),
  )
}

function declareAudit(program: Command, perform: Perform): void {
  const audit = program
    .command('audit')
    .description('the record of every call, on the machine of the server')
    .addHelpText('after', example('paios audit verify'))
  withPassphrase(audit.command('verify'))
    .description('whether any line was changed, left out or cut off')
    .addHelpText('after', example('paios audit verify'))
    .action((options: PassphraseOptions) =>
      perform(async (context) => (await auditFile()).verifyAudit(context, options)),
    )
  withPassphrase(audit.command('tail'))
    .description('the newest lines')
    .option('--limit <count>', 'how many, 1 to 500', '20')
    .addHelpText('after', example('paios audit tail --limit 5'))
    .action((options: { limit?: string } & PassphraseOptions) =>
      perform(async (context) => (await auditFile()).tailAudit(context, options)),
    )
  withPassphrase(audit.command('export'))
    .description('all lines, a JSON object each')
    .option('--after <number>', 'only lines after this one')
    .addHelpText('after', example('paios audit export > audit.jsonl'))
    .action((options: { after?: string } & PassphraseOptions) =>
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
