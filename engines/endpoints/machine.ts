/** A state machine in JSONPath with the kinds of state that the deploy machine uses, and nothing that waits for a service. */
export const SHIPPING = {
  StartAt: "Weigh",
  States: {
    Weigh: {
      Type: "Pass",
      Parameters: { "weight.$": "$.weight", unit: "kg" },
      ResultPath: "$.weighed",
      Next: "Heavy?",
    },
    "Heavy?": {
      Type: "Choice",
      Choices: [
        { Variable: "$.weight", NumericGreaterThan: 100, Next: "Too heavy" },
        {
          And: [
            { Variable: "$.weight", NumericGreaterThan: 10 },
            { Not: { Variable: "$.kind", StringEquals: "light" } },
          ],
          Next: "Split",
        },
      ],
      Default: "Pause",
    },
    Split: {
      Type: "Map",
      ItemsPath: "$.parts",
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: "Part",
        States: { Part: { Type: "Pass", Parameters: { "part.$": "$" }, End: true } },
      },
      ResultPath: "$.split",
      Next: "Both",
    },
    Both: {
      Type: "Parallel",
      Branches: [
        { StartAt: "Left", States: { Left: { Type: "Pass", Result: "left", End: true } } },
        { StartAt: "Right", States: { Right: { Type: "Fail", Error: "Wrong", Cause: "no right side" } } },
      ],
      Catch: [{ ErrorEquals: ["Wrong"], ResultPath: "$.caught", Next: "Pause" }],
      Next: "Pause",
    },
    Pause: { Type: "Wait", Seconds: 1, Next: "Done" },
    "Too heavy": { Type: "Fail", Error: "TooHeavy", Cause: "more than 100 kg" },
    Done: { Type: "Succeed", OutputPath: "$" },
  },
};
