import type { Phrases } from '../skill.ts'

const PAGE = '[der|diese] [seite|webseite|website|internetseite|artikel]'
const NEWS = '(nachrichten|beiträge|artikel|schlagzeilen|einträge|meldungen|news)'

/** What is said of addresses of the web, in German. */
export const german: Phrases = {
  get: [
    '(ruf|rufe|lade|hol|hole|frag) [mir] [der] [adresse|url|datei|inhalt von|inhalt der seite|daten von] {url} [ab|auf|herunter|runter]',
    `(lade|hol|rufe) [mir] ${PAGE} {url} (ab|herunter|runter)`,
    '[der] [adresse|url|datei|seite] {url} (abrufen|herunterladen|runterladen|laden|holen)',
    '(mach|sende|schick) [ein] get [anfrage|request] (an|auf|zu) {url}',
    'http get {url}',
    'get {url}',
  ],
  post: [
    '(schick|sende|poste|übertrage) [der] [daten|text|json|inhalt] {body} (an|zu|nach|auf) [der] [adresse|url|server] {url}',
    '(schick|sende|poste|übertrage) (an|zu|nach) [der] [adresse|url|server] {url} [der] [daten|text|json|inhalt] {body}',
    '(mach|sende|schick) [ein] post [anfrage|request] (an|auf|zu) {url} mit {body}',
    '(mach|sende|schick) [ein] post [anfrage|request] (an|auf|zu) {url}',
    '[der] [daten|text|json] {body} (an|zu|nach) {url} (schicken|senden|posten|übertragen)',
    'http post {body} (an|zu|nach) {url}',
  ],
  feed: [
    '(lies|zeig|hol|öffne|lade|prüfe) [mir] (der|mein) [rss|news|atom|nachrichten] (feed|newsfeed|rss-feed) [von|unter|bei] {url} [vor|ab]',
    '(was gibt es neues|was gibts neues|was ist neu|gibt es [etwas] neues|gibt es neuigkeiten) (auf|bei|von|im feed|in dem feed) {url}',
    `[zeig|lies|nenn|gib] [mir] [der] (neuesten|letzten|aktuellen|neuen) ${NEWS} (von|auf|bei|aus) {url} [vor|an]`,
    `${NEWS} (von|auf|bei|aus) {url}`,
    '(rss|feed|rss feed) [von] {url} [lesen|zeigen|abrufen]',
    'welche (neuen|neuesten) (nachrichten|beiträge|artikel|schlagzeilen) (gibt es|stehen) (auf|bei) {url}',
  ],
  read_page: [
    'was (schreibt|sagt|meldet) [der] [seite|website] {url}',
    `was (steht|ist) [auf|bei|unter|in] ${PAGE} {url}`,
    `(lies|öffne|zeig|besuche) [mir] ${PAGE} [auf|unter|von] {url} [vor|an]`,
    `${PAGE} {url} (lesen|vorlesen|öffnen|anzeigen|besuchen)`,
    `(lies|zeig) [mir] der (text|inhalt) (von|auf|der seite) ${PAGE} {url} [vor|an]`,
    `(gehe|geh|schau) (auf|zu) ${PAGE} {url} [nach|an]`,
  ],
  html_to_text: [
    '(wandle|mach|konvertiere) (dieses|das|folgendes|aus diesem|aus dem) html (in|zu) [reinen|einfachen] text [um] {html}',
    '(wandle|mach|konvertiere) (dieses|das|folgendes) html (in|zu) [reinen|einfachen] text [um]',
    'html (in|zu) text [umwandeln] [{html}]',
    '(entferne|lösche) die (tags|html tags|auszeichnungen) (aus|von|in) {html}',
    'zeig [mir] (dieses|das|folgendes) html als [reinen] text {html}',
  ],
  json_path: [
    '(hol|nimm|zeig|gib|lies) [mir] [der] pfad {path} (aus|von|in) [diesem|dem] [json] {json}',
    '(json path|jsonpath|json pfad) {path} (aus|von|in|auf) [diesem|dem] [json] {json}',
    'was (steht|ist) (unter|bei|an) [dem|der] [pfad] {path} (in|von|im) [diesem|dem] [json] {json}',
    '(json path|jsonpath|json pfad) [abfrage]',
  ],
  webhook: [
    '(ruf|rufe|löse|trigger|starte|pinge) [der|mein] (webhook|hook) {url} [auf|aus|an] mit [der] [daten|inhalt|payload] {payload} [auf|aus]',
    '(ruf|rufe|löse|trigger|starte|pinge) [der|mein] (webhook|hook) {url} [auf|aus|an]',
    '[der|mein] webhook {url} (aufrufen|auslösen|anstoßen|triggern) [mit {payload}]',
    '(schick|sende) {payload} (an|zu) [der|mein] webhook {url}',
    'webhook {url} mit {payload}',
  ],
}
