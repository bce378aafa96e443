/** JSON Web Tokens. What stands before is looked at last, which costs least where there is none. */
const JWT = /eyJ(?<![\w-]eyJ)[\w-]{8,}\.[\w-]{8,}\.[\w-]*/
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|$)/
/** Keys of services that say by their beginning what they are. A digit tells some of them from words with a hyphen. */
const KEYS =
  /(?:sk-(?<![\w-]sk-)(?=[\w-]{0,200}\d)[\w-]{12,}|\b[rs]k_(?:live|test)_\w{12,}|\b(?:gh[opusr]_|github_pat_|glpat-|xox[abeprs]-|paios_agent_|whsec_)[\w-]{12,}[+/=\w-]*|\bA[KS]IA[0-9A-Z]{12,}|\bAIza[\w-]{12,}|\b(?:npm|hf)_[A-Za-z0-9]{30,})/

/** What opens something by its form, wherever it stands in a text. */
export const SECRET_FORMS: RegExp = new RegExp(
  [JWT, PRIVATE_KEY, KEYS].map(({ source }) => source).join('|'),
  'g',
)
