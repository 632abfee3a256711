namespace MMDetSharp.Engine.Training.Loop;

/// <summary>What a phase of the workflow does with its batches.</summary>
public enum RunMode
{
    /// <summary>Losses, gradients, a step of the optimizer.</summary>
    Train,

    /// <summary>Losses only, with the model in evaluation mode.</summary>
    Val,
}
