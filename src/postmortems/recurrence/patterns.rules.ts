import type { DetectedBy, Factor, Trigger } from '../../contract/learning.ts'

/** Words by which a text shows what it is about; English, as most post-mortems are. All of them ignore case. */
export type Patterns<Id extends string> = Record<Id, RegExp>

const CERT = '(?:certificates?|certs?|root ca|intermediates?)'

/** Failure classes. The ids are those of the classes that cases and blind spots speak of; a test compares them. */
export const CLASS_PATTERNS = {
  'service.down':
    /\b(?:went down|was down|crash(?:ed|es|ing)?|crash-?loop\w*|stopped answering|connections? (?:was |were )?refused|segfault\w*|kernel panic|unreachable|power (?:cut|loss|failure))\b/gi,
  'service.frozen':
    /\b(?:hung|hangs|hanging|stuck|froze|frozen|deadlock\w*|time(?:d)?[ -]?outs?|blocked on|waited for ever|stopped responding|unresponsive)\b/gi,
  'service.broken':
    /\b(?:wrong (?:answer|page|value|result)s?|http 5\d\d|5xx|50[0234] errors?|error rate|empty page|served (?:an? )?error|corrupt(?:ed|ion)?)\b/gi,
  'registrar.broken':
    /\b(?:registrations?|log-?ins?|sign-?ins?|authenticat\w+) (?:was |were |had |has )?(?:lost|fail(?:ed|ing)?|refused|rejected|broken)|\bregistrar\b|\bcould not (?:log|sign) in\b/gi,
  'token.unverifiable':
    /\b(?:signing keys?|jwks|public keys? endpoint|token (?:signature|validation|verification|issuer)s?|tokens? (?:could not be|cannot be|were not) (?:verified|validated))\b/gi,
  'certificate.identity': new RegExp(
    `\\b(?:wrong|self-signed|another|default|unexpected) ${CERT}\\b|\\b(?:host ?name|certificate|name) mismatch|\\b${CERT} (?:of|for) (?:the wrong|another)\\b`,
    'gi',
  ),
  'certificate.expired': new RegExp(
    `\\b${CERT}\\b[^.\\n]{0,60}\\b(?:expir\\w+|not (?:been )?renew\\w*|renewal|ran out|out of date)|\\b(?:expir\\w+|renew\\w*)\\b[^.\\n]{0,40}\\b${CERT}\\b`,
    'gi',
  ),
  'certificate.chain':
    /\b(?:certificate chains?|chain of trust|cross-?sign\w*|trust ?stores?|root (?:ca|certificate)s? (?:has |had )?expir\w+|intermediate certificates?)\b/gi,
  'access.open':
    /\b(?:open relay|exposed to the internet|publicly (?:readable|accessible|exposed)|data (?:leak|exposure)|without authentication|unauthorized access|vulnerab\w+)\b/gi,
  'resource.leak':
    /\b(?:memory leaks?|leak(?:s|ed|ing) (?:memory|connections?|file)|out of memory|oom(?:-?kill\w*)?|disks? (?:was |were |got |is )?(?:filled|full)|no space left|ran out of (?:memory|disk|space|file descriptors|inodes|connections)|file descriptors?|inodes?|connection pool (?:was )?exhaust\w+)\b/gi,
  'tenant.spike':
    /\b(?:(?:traffic|load|request|usage) (?:spike|surge|burst)s?|spikes? (?:of|in) (?:traffic|load|requests|usage)|load tests?|stress tests?|noisy neighbou?r|thundering herd|retry storms?|one (?:customer|tenant|client|user) sent|overload\w*|rate limit\w*)\b/gi,
  'data.retention':
    /\b(?:retention|backlog (?:grew|older|age)|deleted before|data (?:was |were )?lost|lost data|queue(?:s)? (?:grew|filled|overflow\w*))\b/gi,
  'redundancy.lost':
    /\b(?:fail-?over|replicas?|replication|standby|secondary|redundan\w+|quorum|split[ -]brain|degraded array|single (?:node|replica))\b/gi,
  'job.hung':
    /\b(?:cron ?(?:job)?s?|nightly (?:job|run|build|backup)s?|scheduled (?:job|task)s?|batch jobs?|backups? (?:did not|had not|failed|stopped)|job (?:hung|failed|did not|ran twice))\b/gi,
  'log.pattern':
    /\b(?:(?:errors?|warnings?) in the logs?|logs? (?:showed|said|were full)|nobody read the logs?)\b/gi,
  'address.conflict':
    /\b(?:address conflicts?|duplicate (?:ip|address\w*)|same (?:ip|address)|dhcp|arp|ip (?:address )?(?:collision|conflict))\b/gi,
  'dns.content':
    /\b(?:dns|name ?servers?|zone (?:file|transfer)s?|resolvers?|dnssec|(?:a|cname|mx) records?)\b/gi,
  'view.inside-only':
    /\b(?:only (?:from )?outside|from (?:the )?outside|external users only|bgp|peering|routing (?:leak|loop)|cdn|edge (?:locations?|nodes?))\b/gi,
  'watcher.silent':
    /\b(?:monitoring (?:was|had been|itself|system) (?:down|dead|stopped|broken|blind|disabled)|(?:nagios|prometheus|zabbix|alertmanager|monitoring) (?:had |was |itself )?(?:died|dead|down|stopped|ran out)|alerts? (?:was|were|had been) (?:disabled|muted|silenced)|no metrics|metrics (?:were|was) missing)\b/gi,
  'page.unanswered':
    /\b(?:nobody (?:was )?(?:paged|reacted|answered|noticed the alert)|no one (?:was )?(?:paged|answered|reacted)|page (?:was )?(?:not answered|missed|unanswered)|alerts? (?:was|were|went) (?:unread|unnoticed|ignored|missed)|did not wake)\b/gi,
  'escalation.single-person':
    /\b(?:only (?:one|a single) (?:person|engineer|admin\w*)|single person|bus factor|the only (?:one|person|engineer) who|could not be reached|on (?:holiday|vacation|leave))\b/gi,
} satisfies Patterns<string>

/** What set it off. */
export const TRIGGER_PATTERNS: Patterns<Trigger> = {
  expiry:
    /\b(?:expir\w+|end of life|licen[cs]e (?:ran out|ended)|leap second|date rolled over|ran out on)\b/gi,
  'load-test': /\b(?:load|stress|performance|chaos) (?:test\w*|experiments?)\b/gi,
  deploy:
    /\b(?:deploy\w*|releas(?:e|ed|ing)|roll(?:ed)?[ -]?outs?|new version|upgrad\w+|shipped|canary|merged)\b/gi,
  configuration:
    /\b(?:config\w*|settings? (?:was|were) changed|feature flags?|rules? (?:was|were) (?:changed|pushed|applied)|firewall rules?|typo|misconfigur\w+|parameter)\b/gi,
  reboot: /\b(?:reboot\w*|restart\w*|patch(?:es|ed|ing)?|power[- ]cycl\w+|kernel update)\b/gi,
  maintenance: /\b(?:maintenance|planned (?:work|intervention|change)|migrat\w+|decommission\w*)\b/gi,
  traffic:
    /\b(?:traffic|load|requests?|usage|demand) (?:spike|surge|burst|peak|increase|grew|doubled|tripled)\w*|\b(?:spike|surge|burst|peak) (?:of|in) \w+|\bblack friday\b/gi,
  exhaustion:
    /\b(?:out of (?:memory|disk|space|connections|file descriptors)|(?:disk|table|pool|queue|volume|partition) (?:was |got |is )?(?:full|filled|exhausted)|exhaust\w+|no space left|memory leak)\b/gi,
  hardware:
    /\b(?:hardware|disk (?:failed|failure|died)|power (?:cut|loss|failure|supply)|cooling|overheat\w*|memory module|motherboard|fan|raid|fire)\b/gi,
  network:
    /\b(?:network (?:outage|failure|partition|loop|problem)s?|switch (?:failed|crash\w*|rebooted)|fib(?:er|re) cut|cable|packet loss|bgp|routing|link (?:flap\w*|down))\b/gi,
  vendor:
    /\b(?:vendor|supplier|third[- ]party|upstream (?:provider|outage)|provider(?:'s)? (?:outage|maintenance|failure)|cloud provider|another team)\b/gi,
  attack:
    /\b(?:attack\w*|ddos|denial[- ]of[- ]service|intru\w+|malicious|brute[- ]force|ransomware|phish\w+)\b/gi,
  defect:
    /\b(?:bugs?|race conditions?|regressions?|defects?|null pointer|off by one|deadlock|memory corruption)\b/gi,
}

/** What made it likelier, worse or longer. */
export const FACTOR_PATTERNS: Patterns<Factor> = {
  unwatched:
    /\b(?:no (?:monitor\w*|alert\w*|alarm\w*|check\w*)|(?:not|never|nobody) (?:been )?(?:monitored|watched|alerted)|missing (?:monitor\w*|alert\w*|alarm\w*)|monitoring (?:did not|didn't) (?:catch|see|notice|cover|check)|only (?:asked|checked) whether|nothing (?:watched|looked))\b/gi,
  'alert-unread':
    /\b(?:alerts? (?:was|were|went|had been) (?:unread|unnoticed|ignored|missed|not (?:seen|read|acknowledged))|nobody (?:reacted|acknowledged|was paged)|not paged|no page|alarm stood|unacknowledged)\b/gi,
  'watcher-blind':
    /\b(?:monitoring (?:was|had been|itself) (?:down|dead|stopped|broken|blind)|(?:nagios|prometheus|zabbix|monitoring) (?:had )?died|dashboards? (?:was|were) (?:down|unavailable))\b/gi,
  'alert-noise':
    /\b(?:too many alerts|alert (?:fatigue|noise|storm|flood)|noisy alerts?|drowned|flood of (?:alerts|pages|mails))\b/gi,
  'single-point':
    /\b(?:single points? of failure|spof|no redundan\w+|no fail-?over|only one (?:server|node|host|instance|link))\b/gi,
  'hidden-dependency':
    /\b(?:(?:hidden|unknown|undocumented|unexpected|circular|implicit) dependenc\w+|nobody knew (?:that|it)|did not know (?:that|it) depend\w+|shared (?:database|cluster|infrastructure))\b/gi,
  documentation:
    /\b(?:(?:no|missing|outdated|stale|wrong|incomplete|undocumented) (?:documentation|docs|runbooks?|procedures?|instructions)|(?:documentation|docs|runbooks?|procedures?) (?:was|were) (?:missing|outdated|stale|wrong|incomplete|out of date)|undocumented|not documented)\b/gi,
  'one-head':
    /\b(?:only (?:one|a single) (?:person|engineer|admin\w*)|bus factor|the only (?:one|person|engineer) who|tribal knowledge|one person knew)\b/gi,
  absence:
    /\b(?:weekend|holidays?|vacation|on leave|at night|in the night|out of (?:office )?hours|nobody was (?:there|on call|available)|could not be reached|christmas)\b/gi,
  untested:
    /\b(?:(?:not|never|un|insufficiently)[- ]?(?:been )?tested|no tests?|without test\w*|missing tests?|not (?:been )?(?:rehearsed|tried)|staging (?:differ\w*|did not|does not))\b/gi,
  manual: /\b(?:by hand|manual(?:ly)?|typed|typo|human error|copy[- ]paste\w*|fat[- ]finger\w*)\b/gi,
  rollback:
    /\b(?:roll(?:ing)?[ -]?back (?:was|took|failed|is|did not|impossible)|no (?:way|roll-?back)|could not (?:be )?(?:rolled back|undone|reverted?)|slow to (?:roll back|revert))\b/gi,
  workaround:
    /\b(?:work-?arounds?|temporary fix|quick fix|restart(?:ed|s|ing)? (?:hid|masked)|masked|papered over|band-?aid)\b/gi,
  'red-herring':
    /\b(?:red herring|wrong (?:cause|track|direction|lead|hypothesis)|misled|false lead|suspected (?:at first|first|wrongly)|unrelated)\b/gi,
  communication:
    /\b(?:(?:not|nobody|never) (?:been )?(?:told|informed|announced|communicated|notified)|unannounced|without (?:notice|announcement|telling)|miscommunicat\w+|(?:poor|lack of|no|late) communication|did not know of)\b/gi,
  access:
    /\b(?:no (?:access|permission|credentials)|lack(?:ed|ing)? (?:of )?(?:access|permissions?)|locked out|could not (?:log|get) in|permissions? (?:was|were) missing)\b/gi,
  capacity:
    /\b(?:(?:not enough|insufficient|too little|lack of) (?:capacity|memory|disk|headroom|resources)|under-?provisioned|undersized|no headroom|limit (?:was )?too low|near (?:its|the) limit)\b/gi,
}

/** Who noticed. */
export const DETECTION_PATTERNS: Patterns<DetectedBy> = {
  customer:
    /\b(?:(?:users?|customers?|clients|subscribers|readers|visitors)\b[^.\n]{0,40}\b(?:report\w*|complain\w*|notic\w*|told|wrote|called|opened|ask\w*|said|raised|alerted)|(?:reported|noticed|raised|found|told|opened|alerted) (?:to us )?by (?:an? |our |some |several |the )?(?:users?|customers?|clients)|(?:support|customer|user) tickets?|service desk|help ?desk|complaints?|tweets?|twitter|on irc|in (?:the )?(?:user )?chat|user reports?|customer reports?)\b/gi,
  partner:
    /\b(?:(?:another|a different|other) (?:team|experiment|group|department|organi[sz]ation|site)s?\b[^.\n]{0,40}\b(?:report\w*|notic\w*|told|ask\w*|saw|found|alerted)|(?:reported|noticed|found) by (?:another|a partner|a different|the \w+ team)|partners? (?:reported|noticed|told)|by (?:a )?(?:vendor|supplier|provider))\b/gi,
  monitoring:
    /\b(?:(?:alerts?|alarms?|pages?|monitor\w*|nagios|prometheus|zabbix|pagerduty|grafana|icinga|pingdom|datadog|dashboards?|probes?|health checks?)\b[^.\n]{0,50}\b(?:fire[sd]?|goes off|went off|triggered|paged|noticed|detected|saw|showed|reported|caught|raised|woke|alerted)|(?:detected|noticed|found|caught|paged|alerted|triggered) by (?:an? |our |the )?(?:\w+ )?(?:alerts?|alarms?|monitor\w*|nagios|prometheus|zabbix|probes?|checks?)|was paged|were paged|got paged|automatic(?:ally)? (?:alert|detected)|a monitor noticed it)\b/gi,
  staff:
    /\b(?:(?:an? |our |one of (?:the|our) |the )?(?:engineers?|admin\w*|operators?|colleagues?|developers?|staff|team members?|employees?|on-?call)\b[^.\n]{0,40}\b(?:noticed|saw|found|spotted|discovered|detected|realized|realised|observed)|(?:noticed|found|discovered|spotted) by (?:an? |our |the |one of )?(?:engineers?|staff|colleagues?|operators?|admin\w*|developers?)|we (?:noticed|saw|discovered|realized|realised) (?:by chance|ourselves|while)|by chance|internally (?:noticed|detected|reported))\b/gi,
}

/** What denies the word before it can be believed: `no customer complained`. */
export const DENIED = /\b(?:no|not|nor|none|never|without|before any|neither)\b[^.\n]{0,25}$/i
