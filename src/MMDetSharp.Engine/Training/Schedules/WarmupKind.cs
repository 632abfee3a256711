namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>How a value comes up to its schedule at the start of a training.</summary>
internal enum WarmupKind
{
    /// <summary>At once.</summary>
    None,

    /// <summary>A fixed part of the schedule, then all of it.</summary>
    Constant,

    /// <summary>Along a straight line.</summary>
    Linear,

    /// <summary>By the same factor each iteration.</summary>
    Exponential,
}
