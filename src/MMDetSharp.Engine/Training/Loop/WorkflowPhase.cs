namespace MMDetSharp.Engine.Training.Loop;

/// <summary>One phase of the workflow: <c>('train', 1)</c> with its data.</summary>
/// <param name="Mode">What is done with the batches.</param>
/// <param name="Epochs">Epochs until the next phase.</param>
/// <param name="Source">The batches.</param>
public sealed record WorkflowPhase(RunMode Mode, int Epochs, IBatchSource Source);
