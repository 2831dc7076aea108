import type { TestType } from "@playwright/test";

/** The ready file of `oauth-window serve`: where it listens. */
export interface Server {
  /** The stub's plain address, which a backend may take as the service's. */
  stub: string;
  /** The proxy that leads the service's names to the stub. */
  gateway: string;
  /** The file of the certificate to trust. */
  ca: string;
  pid: number;
}

/** A message that the page received, as in results.json. */
export interface Event {
  data: any;
  origin: string;
  source: "popup" | "other";
  target_origin: string | null;
  delivered: boolean;
  at_ms: number;
}

/** The account GET that followed the event. */
export interface FollowUp {
  /** Null if the connection was ended instead. */
  status: number | null;
  method: string;
  url: string;
  headers: Record<string, string>;
  account_id: string | null;
  sent_by: "page" | "server";
  /** The codes of its violations of the contract. */
  problems: string[];
}

/** A place in the page's own code; line and column count from 1. */
export interface Place {
  /** Relative to the folder in which the server was started, where it is there; else its name or address. */
  file: string;
  line: number;
  column: number;
  in_project: boolean;
}

/** A cause by its code, with its evidence and its mend; `oauth-window explain CODE` says more. */
export interface Finding {
  code: string;
  severity: "error" | "warning" | "info";
  message: string;
  evidence: string[];
  mend: string;
  clause: string;
  /** Null where it is in no line of a script, or not known. */
  place: Place | null;
}

export interface Findings {
  /** Whether the observer reported anything of the page. */
  observed: boolean;
  /** Why what is missing was not judged; null where it was. */
  unjudged: string | null;
  /** The first broken link first. */
  findings: Finding[];
}

/** A request that the stub answered, as in results.json. */
export interface Request {
  method: string;
  url: string;
  headers: Record<string, string>;
  status: number | null;
  sent_by: "page" | "server";
  at_ms: number;
  endpoint: string;
  answer: string;
  key: string | null;
}

export interface Patience {
  /** How long the page may take to react, in seconds; at most 60. */
  patience?: number;
}

export interface Question extends Patience {
  /** Whether the test has clicked the control, so that a click of which nothing came is judged; true by default. */
  clicked?: boolean;
}

/** One test's window: how the service behaves, what happened, and what is wrong with the page. */
export interface OAuthWindow {
  readonly server: Server;
  /** The key that tells this test's requests from those of all others. */
  readonly key: string;
  /** A location of this test's own: a backend that knows of no test is found by it. */
  readonly location: string;
  /** Play another scenario from now on; one whose window is blocked is chosen by `oauthWindowScenario`. */
  scenario(name: string): Promise<{ key: string | null; name: string; title: string }>;
  /** Click by `action`, twice or again where the scenario's user does, go through the window as the scenario's user, and return the event that the page received. */
  expectEvent(action: () => unknown, options?: Patience): Promise<Event>;
  /** The same for a scenario that brings no event: the user cancels, or closes the window, or the browser blocks it. */
  expectEnd(action: () => unknown, options?: Patience): Promise<void>;
  /** Wait for the account GET that follows the event. */
  followUp(options?: Patience): Promise<FollowUp>;
  /** Wait until the page has told its user, and return what is wrong with it. Ask while the page is open. */
  findings(options?: Question): Promise<Findings>;
  /** The same: the finding that stops the flow, or null if it holds. */
  firstBrokenLink(options?: Question): Promise<Finding | null>;
  /** The requests that the stub answered to this test. */
  requests(): Promise<Request[]>;
}

export interface TestFixtures {
  oauthWindow: OAuthWindow;
  oauthWindowKey: string;
  /** The scenario that a test begins with; `account-200` by default. */
  oauthWindowScenario: string;
  /** How long a page may take to react, in seconds; 5 by default, and at most 60. */
  oauthWindowPatience: number;
}

export interface WorkerFixtures {
  oauthWindowServer: Server;
  /** The words of the command; `["oauth-window"]` by default. */
  oauthWindowCommand: string[];
  /** The ready file of a server that runs already, such as one of `webServer`; empty starts one for each worker. */
  oauthWindowReadyFile: string;
}

/** Return a test with the fixtures: `const test = withOAuthWindow(base)`. */
export function withOAuthWindow<T extends object, W extends object>(
  test: TestType<T, W>,
): TestType<T & TestFixtures, W & WorkerFixtures>;
