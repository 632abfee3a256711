namespace MMDetSharp.Engine.Training.Loop;

/// <summary>The order in which hooks are called: smaller values first, equal ones in the order of registration.</summary>
/// <remarks>Any number from 0 to 100 may be used: <c>(HookPriority)40</c>.</remarks>
public enum HookPriority
{
    /// <summary>Before all others.</summary>
    Highest = 0,

    /// <summary>Very early.</summary>
    VeryHigh = 10,

    /// <summary>Early.</summary>
    High = 30,

    /// <summary>Where nothing else is said.</summary>
    Normal = 50,

    /// <summary>Late.</summary>
    Low = 70,

    /// <summary>Very late: the loggers.</summary>
    VeryLow = 90,

    /// <summary>After all others.</summary>
    Lowest = 100,
}
