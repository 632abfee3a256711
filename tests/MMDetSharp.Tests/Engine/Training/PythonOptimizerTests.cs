using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Training;

/// <summary>Optimizer states go to Python's torch and come back.</summary>
public sealed class PythonOptimizerTests
{
    // Loads our file into torch's own optimizer, makes a step with gradients of one, and saves what resuming needs.
    private const string Script = """
        import sys, torch
        ours = torch.load(sys.argv[1], map_location='cpu')
        names = [name for name in ours['state_dict'] if 'running' not in name and 'tracked' not in name]
        params = [torch.nn.Parameter(ours['state_dict'][name].clone()) for name in names]
        optimizer = torch.optim.SGD(params, lr=1.0, momentum=0.5)
        optimizer.load_state_dict(ours['optimizer'])
        assert optimizer.param_groups[0]['momentum'] == 0.9 and optimizer.param_groups[0]['initial_lr'] == 0.05
        for param in params:
            param.grad = torch.ones_like(param)
        optimizer.step()
        for name, param in zip(names, params):
            ours['state_dict'][name] = param.data
        ours['optimizer'] = optimizer.state_dict()
        torch.save(ours, sys.argv[2])
        """;

    [PythonTorchFact]
    public void Resume_FromAStateThatPythonWentOnWith_HasItsValues()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, epochs: 1);
        training.Run();
        var before = training.Model.StateDict()[0].Tensor.ToArray();
        var velocity = training.Runner.Optimizer.State[0]["momentum_buffer"].ToArray();
        PythonTorch.Run(Script, folder.Under("latest.pth"), folder.Under("python.pth"));

        using var resumed = new TinyTraining(folder.Path, epochs: 1);
        resumed.Runner.Resume(folder.Under("python.pth"));

        // v' = 0.9 v + g + decay p; p' = p - lr v', lr of the last iteration
        var after = resumed.Model.StateDict()[0].Tensor.ToArray();
        var changed = resumed.Runner.Optimizer.State[0]["momentum_buffer"].ToArray();
        for (var i = 0; i < before.Length; i++)
        {
            var expected = (0.9f * velocity[i]) + 1 + (0.0001f * before[i]);
            Assert.Equal(expected, changed[i], 1e-5);
            Assert.Equal(before[i] - (0.05f * expected), after[i], 1e-5);
        }
    }
}
