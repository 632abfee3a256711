namespace MMDetSharp.Data.Pipelines;

/// <summary>A pipeline whose transforms do not fit each other, their options or the image.</summary>
/// <remarks>The message says where, what must hold, what was found and what to do.</remarks>
public sealed class PipelineException : Exception
{
    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    public PipelineException(string message)
        : base(message)
    {
    }

    /// <param name="message">Where, what must hold, what was found, what to do.</param>
    /// <param name="cause">The error below it.</param>
    public PipelineException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a message; give one.</summary>
    public PipelineException()
    {
    }
}
