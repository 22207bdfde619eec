/** Answers to CodePipeline, through its SDK. */
import {
  type CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from "@aws-sdk/client-codepipeline";
import type { FailureKind, Pipeline, Progress } from "./handler";

/** CodePipeline takes 2048 characters of a summary, 5000 of a failure. */
const LONGEST_SUMMARY = 2048;
const LONGEST_MESSAGE = 5000;

export class CodePipeline implements Pipeline {
  constructor(private readonly client: CodePipelineClient) {}

  async goOn(jobId: string, continuationToken: string, progress: Progress): Promise<void> {
    await this.client.send(
      new PutJobSuccessResultCommand({ jobId, continuationToken, executionDetails: detailsOf(progress) }),
    );
  }

  async succeed(jobId: string, outputVariables: Readonly<Record<string, string>>, progress: Progress): Promise<void> {
    const executionDetails = { ...detailsOf(progress), percentComplete: 100 };
    await this.client.send(new PutJobSuccessResultCommand({ jobId, outputVariables, executionDetails }));
  }

  async fail(jobId: string, type: FailureKind, message: string, execution: string | undefined): Promise<void> {
    const failureDetails = {
      type,
      message: message.slice(0, LONGEST_MESSAGE),
      ...(execution === undefined ? {} : { externalExecutionId: execution }),
    };
    await this.client.send(new PutJobFailureResultCommand({ jobId, failureDetails }));
  }
}

function detailsOf({ summary, execution }: Progress): { summary: string; externalExecutionId: string } {
  return { summary: summary.slice(0, LONGEST_SUMMARY), externalExecutionId: execution };
}
