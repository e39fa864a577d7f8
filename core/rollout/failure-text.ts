import type { RollbackReason } from '../result/result.js';

// Why ECS could not start a task is in its texts alone: the name of an error, such as `CannotPullContainerError`, and words of the
// agent, Docker or containerd. Sources: ECS Developer Guide, "Amazon ECS stopped tasks error messages"; aws/amazon-ecs-agent,
// agent/dockerclient/dockerapi/errors.go.

const pulling = /CannotPull|ImageNotFound|manifest unknown/i;

/** The host, its Docker or its containerd failed. */
const host =
  /DockerTimeoutError|ContainerRuntime(?:Timeout)?Error|\bInternalError\b|Cannot(?:Stop|Inspect|Describe)ContainerError|no space left on device|devmapper|devicemapper/i;

/** The runtime found no command, user or directory in the image, or one for another architecture. */
const command =
  /exec format error|executable file not found|\bexec:? "|unable to find (?:user|group)\b|no matching entries in passwd|chdir to cwd/i;

/** A role, a network interface, a file system, a volume or a log driver was missing. */
const resource =
  /ResourceInitializationError|ResourceNotFoundException|CannotCreate(?:Volume|Container)Error|CannotStartContainerError|unable to assume (?:the )?role|network interface|\bEFS\b|\bEBS\b|volume attachment|logging driver/i;

/** What a text of ECS says about a task that could not start; undefined if it names no error that is known. */
export const reasonIn = (text: string): Extract<RollbackReason, 'HOST' | 'CANNOT_PULL' | 'CRASHED' | 'CANNOT_START'> | undefined => {
  if (command.test(text)) return 'CRASHED';
  if (host.test(text)) return 'HOST';
  if (pulling.test(text)) return 'CANNOT_PULL';
  return resource.test(text) ? 'CANNOT_START' : undefined;
};

/** Network failures and throttling pass; a missing resource, a missing permission or another architecture does not. */
const passing = /time(?:d )?-?out|deadline exceeded|connection (?:reset|refused)|too ?many ?requests|throttl|rate exceeded|no such host/i;
const denied = /denied|unauthori[sz]ed|not authorized|forbidden|no basic auth/i;
const absent = /not found|does not exist|manifest unknown|no match|descriptor (?:matching|for) platform|invalid reference/i;
const missing = /unable to pull secrets|registry auth|secret|\brole\b|access ?denied|not authorized|does not exist/i;

/** Will every further task of the revision fail with this text? */
export const isPermanentText = (text: string): boolean => {
  if (command.test(text) || /unable to assume (?:the )?role/i.test(text)) return true;
  if (passing.test(text) || host.test(text)) return false;
  if (pulling.test(text)) return denied.test(text) || absent.test(text);
  return /ResourceInitializationError/.test(text) && missing.test(text);
};

/** Does the text of a failed pull say that the image does not exist, or not for the platform? A missing permission says neither. */
export const isAbsentImage = (text: string): boolean => absent.test(text) && !denied.test(text) && !passing.test(text);
