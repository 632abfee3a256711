namespace MMDetSharp.Engine.Training.Loop;

/// <summary>A training that cannot start or go on.</summary>
/// <remarks>The message says where, what must hold, what was found and what to do.</remarks>
public sealed class TrainingException : Exception
{
    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    public TrainingException(string message)
        : base(message)
    {
    }

    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    /// <param name="cause">The error below it.</param>
    public TrainingException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a message; give one.</summary>
    public TrainingException()
    {
    }
}
