import { Option } from 'commander'
import type { Command } from 'commander'
import type { Credential } from '../../contract/credentials.ts'
import type { ConfirmOptions } from '../confirm.ts'
import type {
  AboutOptions,
  DeleteOptions,
  ListOptions,
  RevealOptions,
  SealingOptions,
  UpdateOptions,
} from '../vault/credentials.ts'
import type { GrantOptions } from '../vault/grants.ts'
import type { SecretOptions } from '../vault/secret.ts'
import { example, gather } from './parts.ts'
import type { Perform } from './parts.ts'

const credentialFile = () => import('../vault/credentials.ts')
const renewalFile = () => import('../vault/renewing.ts')
const grantFile = () => import('../vault/grants.ts')
const TYPES: readonly Credential['credential_type'][] = ['api_key', 'password', 'oauth_token', 'certificate']
const NAMED = 'id of the credential, or its service'

/** Stored secrets, and which agents may use them. */
export function declareCredentials(program: Command, perform: Perform): void {
  const list = (options: ListOptions) =>
    perform(async (context) => (await credentialFile()).listCredentials(context, options))
  const credentials = program
    .command('credentials')
    .description('secrets that agents use and never read')
    .addHelpText('after', example('paios credentials add example.com'))
    .action(() => list({}))
  credentials
    .command('list')
    .description('what is stored, newest first, without the secrets')
    .option('--service <name>', 'only of this service')
    .addOption(new Option('--type <type>', 'only of this type').choices(TYPES))
    .option('--limit <count>', 'how many, 1 to 500', '100')
    .addHelpText('after', example('paios credentials list --type password'))
    .action(list)
  credentials
    .command('show')
    .description('one of them, without its secret, and who may use it')
    .argument('<credential>', NAMED)
    .addHelpText('after', example('paios credentials show 3f9c2a71'))
    .action((id: string) => perform(async (context) => (await credentialFile()).showCredential(context, id)))
  credentials
    .command('reveal')
    .description('print a secret; it is counted, and you are told')
    .argument('<credential>', NAMED)
    .option('--field <name>', 'this additional field in place of the secret')
    .option('--recovery-stdin', 'standard input is the recovery key of one that was sealed elsewhere')
    .addHelpText('after', example('paios credentials reveal 3f9c2a71'))
    .action((id: string, options: RevealOptions) =>
      perform(async (context) => (await credentialFile()).revealCredential(context, id, options)),
    )
  declareChanging(credentials, perform)
  declareGrants(credentials, perform)
}

function withSecret(command: Command): Command {
  return command
    .option('--field <name>', 'ask for this additional field, too; may be given again', gather, [])
    .option('--stdin', 'standard input is the secret; asked for otherwise')
    .option('--json-stdin', 'standard input is JSON with "value" and "additional_fields"')
    .option(
      '--sealed',
      'seal it here: only a passkey of this machine and a recovery key open it, no agent uses it',
    )
}

function withAbout(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('--expires <time>', 'when it is of no use any more')
    .option('--auto-rotate', 'have its service give it another secret before it ends')
}

function declareChanging(credentials: Command, perform: Perform): void {
  withSecret(withAbout(credentials.command('add')))
    .description('store a secret, which is asked for and not shown')
    .argument('<service>', 'what it is for, such as example.com')
    .addOption(new Option('--type <type>', 'what it is').choices(TYPES).default('api_key'))
    .addHelpText('after', example('paios credentials add example.com --type password --field username'))
    .action((service: string, options: AboutOptions & SecretOptions & SealingOptions) =>
      perform(async (context) => (await credentialFile()).addCredential(context, service, options)),
    )
  withSecret(withAbout(credentials.command('update')))
    .description('change what is said, and with --secret the secret; the id stays')
    .argument('<credential>', NAMED)
    .option('--service <name>', 'another service')
    .addOption(new Option('--type <type>', 'another type').choices(TYPES))
    .option('--secret', 'ask for a new secret')
    .option('--no-expiry', 'it has no end any more')
    .option('--no-auto-rotate', 'its service gives it no other secret by itself')
    .addHelpText('after', example('paios credentials update 3f9c2a71 --secret'))
    .action((id: string, options: UpdateOptions) =>
      perform(async (context) => (await credentialFile()).updateCredential(context, id, options)),
    )
  credentials
    .command('restore')
    .description('bring back the secret that one had before, for 30 days after it was changed')
    .argument('<credential>', NAMED)
    .addHelpText('after', example('paios credentials restore 3f9c2a71'))
    .action((id: string) =>
      perform(async (context) => (await credentialFile()).restoreCredential(context, id)),
    )
  credentials
    .command('delete')
    .description('delete one for good')
    .argument('<credential>', NAMED)
    .option('--force', 'although an agent may use it')
    .option('--shred', 'also the key that copies of it in backups need')
    .option('--yes', 'do not ask once more')
    .addHelpText('after', example('paios credentials delete 3f9c2a71'))
    .action((id: string, options: DeleteOptions) =>
      perform(async (context) => (await credentialFile()).deleteCredential(context, id, options)),
    )
  credentials
    .command('rotate')
    .description(
      'have the service give one another secret, and wait for it; without one, make a new key for all and destroy the old one',
    )
    .argument('[credential]', NAMED)
    .option('--yes', 'do not ask once more')
    .addHelpText('after', example('paios credentials rotate 3f9c2a71'))
    .action((id: string | undefined, options: ConfirmOptions) =>
      perform(async (context) => {
        if (id === undefined) return (await credentialFile()).rotateKey(context, options)
        return (await renewalFile()).renewCredential(context, id, options)
      }),
    )
}

function declareGrants(credentials: Command, perform: Perform): void {
  credentials
    .command('grants')
    .description('which agents may use which, and where they may send it')
    .addHelpText('after', example('paios credentials grants'))
    .action(() => perform(async (context) => (await grantFile()).listGrants(context)))
  credentials
    .command('grant')
    .description('let an agent send one to one origin, without ever seeing it')
    .argument('<credential>', NAMED)
    .argument('<agent>', 'number or id of the agent')
    .requiredOption('--to <origin>', 'where to, such as https://api.example.com')
    .option('--header <name>', 'in this header (default: authorization)')
    .option('--query <name>', 'in this parameter of the address')
    .option('--body <name>', 'in this field of a JSON body')
    .option('--field <name>', 'this additional field in place of the secret')
    .option('--format <text>', 'what is sent, with {} in the place of the secret')
    .option('--expires <time>', 'until when')
    .addHelpText('after', example('paios credentials grant 3f9c2a71 8 --to https://api.example.com'))
    .action((id: string, agent: string, options: GrantOptions) =>
      perform(async (context) => (await grantFile()).grantCredential(context, [id, agent], options)),
    )
  credentials
    .command('revoke')
    .description('take a grant back')
    .argument('<grant>', 'id of the grant')
    .addHelpText('after', example('paios credentials revoke 3f9c2a71'))
    .action((id: string) => perform(async (context) => (await grantFile()).revokeGrant(context, id)))
}
